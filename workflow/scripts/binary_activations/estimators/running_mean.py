"""REINFORCE with a running mean of the losses as its baseline."""

import torch

from binary_activations.estimators.score_function import ScoreFunction, per_unit, score


class Estimator(ScoreFunction):
    """(L - b) / max(1, v) times the score, centred and scaled by the losses of earlier steps.

    b is the running mean of the losses and v their running standard deviation. Neither depends
    on this step's states, so with batch norm's moments held fixed the expected gradient has the
    true direction. Its length is divided by max(1, v). Mnih & Gregor 2014, arXiv:1402.0030,
    sections 2.3.1 and 2.3.2.

    Args:
        baseline_decay: of both running means, per step, in [0, 1].
        initial_loss: the first b.
        device: where the losses are; nothing is synchronised with the host.
    """

    def __init__(self, baseline_decay, initial_loss, device="cpu"):
        super().__init__(initial_loss=initial_loss, device=device)
        self.mean = torch.tensor(float(initial_loss), device=device)
        self.variance = torch.tensor(0.0, device=device)
        self.decay = baseline_decay

    def estimate(self, layer):
        return per_unit(self.signal(layer.losses)) * score(layer.p, layer.h)

    def signal(self, losses):
        """Returns the centred and scaled losses, any shape."""
        return (losses - self.mean) / self.variance.sqrt().clamp(min=1.0)

    def update(self, losses):
        losses = losses.to(self.mean)
        deviation = (losses - self.mean).square().mean()
        self.variance.lerp_(deviation, 1.0 - self.decay)
        self.mean.lerp_(losses.mean(), 1.0 - self.decay)

    def state_dict(self):
        return {"mean": self.mean.clone(), "variance": self.variance.clone()}

    def load_state_dict(self, state):
        self.mean.copy_(state["mean"])
        self.variance.copy_(state["variance"])
