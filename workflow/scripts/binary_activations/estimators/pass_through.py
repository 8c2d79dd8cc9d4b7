"""Gradient estimators for binary units h in {0, 1} that fire with probability p.

Notation: pre-activation z, slope a >= 1, p = hard_sigmoid(a z), loss L. Here are those that turn
dL/dh, from backpropagation, into dL/dp; those that need the loss alone are in `score_functions`.
"""

import torch
import torch.nn.functional as F


def hard_sigmoid(z, slope=1.0):
    """clip((a z + 1) / 2, 0, 1), any shape; its derivative is a/2 where |a z| < 1, else 0."""
    return F.hardsigmoid(3.0 * slope * z)  # clip((x + 3) / 6, 0, 1)


def keep_off_bounds(p, margin):
    """p clipped to [margin, 1 - margin], for estimators that divide by P(h).

    The network samples from the clipped probabilities and the estimator differentiates them (zero
    where the clip acts), so an unbiased one stays so for the network that runs.
    """
    return F.hardtanh(p, margin, 1.0 - margin)


class _PassGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, h, weight):
        ctx.save_for_backward(weight)
        return h.view_as(h)

    @staticmethod
    def backward(ctx, gradient):
        (weight,) = ctx.saved_tensors
        return gradient if weight is None else gradient * weight, None, None


def straight_through(p, h):
    """The states h, with dh/dp taken as 1 in the backward pass.

    The straight-through estimator: biased, of low variance; exact where L is linear in h. G.
    Hinton 2012 (Coursera lecture 9c); Bengio, Léonard & Courville 2013, arXiv:1308.3432,
    section 4.

    Args:
        p: firing probabilities, any shape.
        h: states 0 or 1, same shape, drawn from p or its threshold.

    Returns:
        h, whose gradient reaches p unchanged.
    """
    return _PassGradient.apply(p, h.detach(), None)


def gumbel_softmax(p, h, uniform, temperature):
    """The states h, with the gradient of the relaxed states.

    The straight-through Gumbel-softmax (concrete) estimator for two classes: h = 1[y > 1/2] with
    y = sigmoid((logit p + logit(1 - u)) / temperature), and dh/dp is taken as dy/dp =
    y (1 - y) / (temperature p (1 - p)). Jang, Gu & Poole 2017, arXiv:1611.01144, section 2.2;
    Maddison, Mnih & Teh 2017, arXiv:1611.00712. Biased; the lower the temperature, the less bias
    and the more variance.

    Args:
        p: firing probabilities in (0, 1), any shape.
        h: states 1[u < p], same shape.
        uniform: the u that drew h, in [0, 1), same shape; 1/2 for a deterministic unit.
        temperature: > 0.

    Returns:
        h, whose gradient reaches p times dy/dp.
    """
    with torch.no_grad():
        relaxed = ((p.logit() - uniform.logit(eps=1e-7)) / temperature).sigmoid_()
        weight = relaxed * (1.0 - relaxed) / (temperature * p * (1.0 - p))
    return _PassGradient.apply(p, h.detach(), weight)


def reinmax(p, h):
    """The states h, with dh/dp taken as 1 / (2 P(h)): 1 / (2 p) or 1 / (2 (1 - p)).

    ReinMax for a binary unit: the expectation over h of dL/dh dh/dp is the mean of L's slopes at 0
    and at 1, the trapezoidal rule for L(1) - L(0); exact where L is quadratic in h. Liu et al.
    2023, arXiv:2304.08612, algorithm 2: with q = (h + p) / 2, 2 q (1 - q) - p (1 - p) / 2 for the
    logit, which in the two states is p (1 - p) / (2 P(h)).

    Args:
        p: firing probabilities in (0, 1), any shape.
        h: states 0 or 1, same shape, drawn from p or its threshold.

    Returns:
        h, whose gradient reaches p times 1 / (2 P(h)).
    """
    with torch.no_grad():
        weight = 0.5 / (h - 1.0 + p).abs()
    return _PassGradient.apply(p, h.detach(), weight)
