"""The activation of a layer: real (hard sigmoid, ReLU) or binary."""

import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.estimators import (
    hard_sigmoid,
    keep_off_bounds,
    log_probability,
    straight_through,
)

MODES = ("deterministic", "stochastic")
ESTIMATORS = ("straight_through", "reinforce", "none")


class HardSigmoid(nn.Module):
    """hard_sigmoid(a z), any shape; `slope` is a."""

    slope = 1.0

    def forward(self, z):
        return hard_sigmoid(z, self.slope)


class ReLU(nn.Module):
    """max(0, a z), any shape; `slope` is a."""

    slope = 1.0

    def forward(self, z):
        return F.relu(z if self.slope == 1.0 else self.slope * z)


class BinaryActivation(nn.Module):
    """Binary units: h = 1[p > 0.5] or h ~ Bernoulli(p), with p = hard_sigmoid(a z).

    Stochastic units draw in training and at test time alike.

    Args:
        mode: one of `MODES`.
        estimator: how a gradient gets below the units, one of `ESTIMATORS`:
            `straight_through` takes dh/dp as 1; `reinforce` passes none itself but leaves
            log P(h | p) in `log_probability` for `score_function_loss`; `none` passes none.
        margin: how far `reinforce` keeps p from 0 and 1, in the sample as in log P.

    Attributes:
        slope: a, set epoch by epoch by slope annealing.
        generator: where stochastic units draw from, on the input's device.
        log_probability: of the last forward pass, shape [samples]; None unless `reinforce`
            and gradients are on.

    Raises:
        ValueError: for a mode or an estimator that is none of these.
    """

    slope = 1.0

    def __init__(self, mode, estimator, margin=0.0):
        super().__init__()
        if mode not in MODES:
            raise ValueError(f"mode {mode!r}: use one of {', '.join(MODES)}")
        if estimator not in ESTIMATORS:
            raise ValueError(f"estimator {estimator!r}: use one of {', '.join(ESTIMATORS)}")
        self.mode = mode
        self.estimator = estimator
        self.margin = margin
        self.generator = None
        self.log_probability = None

    def forward(self, z):
        """z of shape [samples, ...] to h of the same shape."""
        p = hard_sigmoid(z, self.slope)
        if self.estimator == "reinforce":
            p = keep_off_bounds(p, self.margin)
        with torch.no_grad():
            if self.mode == "stochastic":
                # torch.bernoulli is three times slower on a processor.
                uniform = torch.empty_like(p).uniform_(generator=self.generator)
                h = uniform.lt_(p)
            else:
                h = torch.gt(p, 0.5, out=torch.empty_like(p))
        if self.estimator == "straight_through":
            return straight_through(p, h)
        if self.estimator == "reinforce":
            self.log_probability = log_probability(p, h) if torch.is_grad_enabled() else None
        return h
