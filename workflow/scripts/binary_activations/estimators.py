"""Gradient estimators for binary units h in {0, 1} that fire with probability p.

Notation: pre-activation z, slope a >= 1, p = hard_sigmoid(a z), loss L.
"""

import torch
import torch.nn.functional as F
from torch.autograd.function import once_differentiable


def hard_sigmoid(z, slope=1.0):
    """clip((a z + 1) / 2, 0, 1), any shape; its derivative is a/2 where |a z| < 1, else 0."""
    return F.hardsigmoid(3.0 * slope * z)  # clip((x + 3) / 6, 0, 1)


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, h):
        return h.view_as(h)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def straight_through(p, h):
    """The states h, with dh/dp taken as 1 in the backward pass.

    The straight-through estimator: biased, of low variance. G. Hinton 2012 (Coursera lecture
    9c); Bengio, Léonard & Courville 2013, arXiv:1308.3432, section 4.

    Args:
        p: firing probabilities, any shape.
        h: states 0 or 1, same shape, drawn from p or its threshold.

    Returns:
        h, whose gradient reaches p unchanged.
    """
    return _StraightThrough.apply(p, h.detach())


def keep_off_bounds(p, margin):
    """p clipped to [margin, 1 - margin], so that log p and log(1 - p) stay finite.

    The network samples from the clipped probabilities and the score function differentiates
    them (zero where the clip acts), so the estimator stays unbiased for the network that runs.
    """
    return F.hardtanh(p, margin, 1.0 - margin)


class _LogProbability(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, h):
        signed = (h - 1.0).add_(p)  # p where h is 1, p - 1 where it is 0
        ctx.save_for_backward(signed)
        return signed.abs().log_().sum(tuple(range(1, p.dim())))

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient):
        (signed,) = ctx.saved_tensors
        return gradient.reshape(-1, *[1] * (signed.dim() - 1)) / signed, None


def log_probability(p, h):
    """log P(h | p) = sum_j h_j log p_j + (1 - h_j) log(1 - p_j), over all units of a sample.

    Args:
        p: firing probabilities in (0, 1), shape [samples, ...].
        h: states 0 or 1, same shape.

    Returns:
        Shape [samples]; differentiable in p.
    """
    return _LogProbability.apply(p, h)


def score_function_loss(signal, log_probabilities):
    """A surrogate whose gradient is the score-function (REINFORCE) estimate.

    With the signal L_i - b its gradient is mean_i (L_i - b) grad log P(h_i | p_i), an unbiased
    estimate of the gradient of mean_i E[L_i] with respect to what lies below the binary layers,
    as long as b does not depend on h and L_i depends on the states of sample i alone. Williams
    1992, "Simple statistical gradient-following algorithms", eq. 2; Mnih & Gregor 2014,
    arXiv:1402.0030, eq. 4. For deterministic units the same formula is evaluated at
    h = 1[p > 0.5], which is a heuristic: such a unit has no score function.

    Batch normalisation above a binary layer lets L_i depend a little on the other samples'
    states, through the batch's mean and variance; that path is left out.

    Args:
        signal: L_i - b, or a positive multiple of it, shape [samples].
        log_probabilities: log P(h_i | p_i) summed over the binary layers, shape [samples].

    Returns:
        A scalar, to be added to the loss; its value means nothing.
    """
    return (signal.detach() * log_probabilities).mean()


class LearningSignal:
    """The signal (L - b) / max(1, s), centred and scaled by the losses of earlier steps.

    b is the running mean of the losses and s their running standard deviation. Neither depends
    on this step's states, so the direction of the expected gradient is the true one; its length
    is divided by max(1, s). Mnih & Gregor 2014, arXiv:1402.0030, sections 2.3.1 and 2.3.2.

    Args:
        initial: the first b, the loss to expect before training.
        decay: of both running means, per step, in [0, 1).
        device: where the losses are; nothing is synchronised with the host.
    """

    def __init__(self, initial, decay, device="cpu"):
        self.mean = torch.tensor(float(initial), device=device)
        self.variance = torch.tensor(0.0, device=device)
        self.decay = decay

    def __call__(self, losses):
        """The signal of these losses, any shape."""
        return (losses.detach() - self.mean) / self.variance.sqrt().clamp(min=1.0)

    def update(self, losses):
        """Take this step's losses into the running means, once its signal has been used."""
        losses = losses.detach()
        deviation = (losses - self.mean).square().mean()
        self.variance.lerp_(deviation, 1.0 - self.decay)
        self.mean.lerp_(losses.mean(), 1.0 - self.decay)

    def state_dict(self):
        return {"mean": self.mean.clone(), "variance": self.variance.clone()}

    def load_state_dict(self, state):
        self.mean.copy_(state["mean"])
        self.variance.copy_(state["variance"])
