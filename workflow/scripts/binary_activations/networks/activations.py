"""The activation of a layer: real (hard sigmoid, ReLU) or binary."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.estimators.pass_through import (
    gumbel_softmax,
    hard_sigmoid,
    keep_off_bounds,
    reinmax,
    straight_through,
)

MODES = ("deterministic", "stochastic")
ESTIMATORS = ("straight_through", "gumbel_softmax", "reinmax", "reinforce", "none")


@dataclass
class ThresholdForm:
    """An activation as clip((q - threshold) gain, 0, 1) with q = clip((a z + 1) / 2, m, 1 - m).

    One formula for the hard sigmoid and for binary units, whose gain makes them 0 or 1.

    Attributes:
        activations: what the pre-activations give, any shape.
        thresholds: same shape.
        margin: m.
        gain: a number.
    """

    activations: torch.Tensor
    thresholds: torch.Tensor
    margin: float
    gain: float


class HardSigmoid(nn.Module):
    """hard_sigmoid(a z), any shape; `slope` is a."""

    slope = 1.0

    def forward(self, z):
        return hard_sigmoid(z, self.slope)

    def threshold_form(self, z):
        """Of pre-activations z, any shape: a `ThresholdForm`."""
        activations = self(z)
        return ThresholdForm(activations, torch.zeros_like(activations), margin=0.0, gain=1.0)


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
        estimator: how a gradient gets below the units, one of `ESTIMATORS`: `straight_through`,
            `gumbel_softmax` and `reinmax` pass one on (`estimators`); `reinforce` passes none
            itself but leaves p and h in `states` for `score_functions`; `none` passes none.
        margin: how far p is kept from 0 and 1, in the sample as in the gradient.
        temperature: of `gumbel_softmax`.

    Attributes:
        slope: a, set epoch by epoch by slope annealing.
        generator: where stochastic units draw from, on the input's device.
        states: p and h of the last forward pass; None unless `reinforce` and gradients are on.

    Raises:
        ValueError: for a mode or an estimator that is none of these.
    """

    slope = 1.0

    def __init__(self, mode, estimator, margin=0.0, temperature=1.0):
        super().__init__()
        if mode not in MODES:
            raise ValueError(f"mode {mode!r}: use one of {', '.join(MODES)}")
        if estimator not in ESTIMATORS:
            raise ValueError(f"estimator {estimator!r}: use one of {', '.join(ESTIMATORS)}")
        self.mode = mode
        self.estimator = estimator
        self.margin = margin
        self.temperature = temperature
        self.generator = None
        self.states = None

    def probabilities(self, z):
        """Firing probabilities p of pre-activations z, any shape."""
        p = hard_sigmoid(z, self.slope)
        return keep_off_bounds(p, self.margin) if self.margin else p

    def thresholds(self, p):
        """What p has to exceed for a unit to fire, same shape: drawn anew, or 0.5."""
        if self.mode == "stochastic":
            # torch.bernoulli is three times slower on a processor.
            return torch.empty_like(p).uniform_(generator=self.generator)
        return torch.full_like(p, 0.5)

    def threshold_form(self, z):
        """Of pre-activations z, any shape: a `ThresholdForm`, its thresholds drawn anew."""
        q = self.probabilities(z)
        thresholds = self.thresholds(q)
        activations = torch.gt(q, thresholds).to(q)
        return ThresholdForm(activations, thresholds, self.margin, gain=1e30)

    def forward(self, z):
        """z of shape [samples, ...] to h of the same shape."""
        p = self.probabilities(z)
        with torch.no_grad():
            thresholds = self.thresholds(p)
            h = torch.lt(thresholds, p, out=torch.empty_like(p))
        if self.estimator == "straight_through":
            return straight_through(p, h)
        if self.estimator == "gumbel_softmax":
            return gumbel_softmax(p, h, thresholds, self.temperature)
        if self.estimator == "reinmax":
            return reinmax(p, h)
        if self.estimator == "reinforce" and torch.is_grad_enabled():
            self.states = p, h
        return h
