"""The activation of a layer: real (hard sigmoid, ReLU) or binary."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.estimators.firing import Firing

MODES = ("deterministic", "stochastic")


def hard_sigmoid(z, slope=1.0):
    """clip((a z + 1) / 2, 0, 1), any shape; its derivative is a/2 where |a z| < 1, else 0."""
    return F.hardsigmoid(3.0 * slope * z)  # clip((x + 3) / 6, 0, 1)


def keep_off_bounds(p, margin):
    """Clips p to [margin, 1 - margin], for estimators that divide by P(h).

    The network samples from the clipped probabilities. The estimator differentiates the same
    probabilities (the derivative is zero where the clip acts), so clipping adds no bias.
    """
    return F.hardtanh(p, margin, 1.0 - margin)


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
        """Returns the `ThresholdForm` of pre-activations z, any shape."""
        activations = self(z)
        return ThresholdForm(activations, torch.zeros_like(activations), margin=0.0, gain=1.0)


class ReLU(nn.Module):
    """max(0, a z), any shape; `slope` is a."""

    slope = 1.0

    def forward(self, z):
        return F.relu(z if self.slope == 1.0 else self.slope * z)


ACTIVATIONS = {"hard_sigmoid": HardSigmoid, "relu": ReLU}


class BinaryActivation(nn.Module):
    """Binary units: h = 1[p > 0.5] or h ~ Bernoulli(p), with p = hard_sigmoid(a z).

    Stochastic units draw in training and in testing.

    Args:
        mode: one of `MODES`.
        margin: how far p is kept from 0 and 1, in the sample as in the gradient.
        layer: the name of its layer.
        states: `signed`, where the layer above sees 2 h - 1, which is -1 or 1; None: it sees h.
        firing_penalty: weight of the penalty on mean firing (`penalty`).

    Attributes:
        penalty: of the last pass in training; 0 without a weight.
        slope: a, set epoch by epoch by slope annealing.
        generator: where stochastic units draw from, on the input's device.
        estimator: an `estimators.base.GradientEstimator`, while the network trains; None: no
            gradient gets below the units.

    Raises:
        ValueError: for a mode that is none of these.
    """

    slope = 1.0
    generator = None
    estimator = None
    penalty = 0.0

    def __init__(self, mode, margin=0.0, layer="", states=None, firing_penalty=0.0):
        super().__init__()
        if mode not in MODES:
            raise ValueError(f"mode {mode!r}: use one of {', '.join(MODES)}")
        self.mode = mode
        self.margin = margin
        self.layer = layer
        self.signed = states == "signed"
        self.firing_penalty = firing_penalty

    def probabilities(self, z):
        """Computes the firing probabilities p of pre-activations z, any shape."""
        p = hard_sigmoid(z, self.slope)
        return keep_off_bounds(p, self.margin) if self.margin else p

    def thresholds(self, p):
        """Returns what p must exceed for a unit to fire, same shape: drawn anew, or 0.5."""
        if self.mode == "stochastic":
            # torch.bernoulli is three times slower on a processor.
            return torch.empty_like(p).uniform_(generator=self.generator)
        return torch.full_like(p, 0.5)

    def threshold_form(self, z):
        """Returns the `ThresholdForm` of pre-activations z, any shape; draws its thresholds."""
        q = self.probabilities(z)
        thresholds = self.thresholds(q)
        activations = torch.gt(q, thresholds).to(q)
        return ThresholdForm(activations, thresholds, self.margin, gain=1e30)

    def forward(self, z):
        """Maps z, [samples, ...], to the states h of the same shape, or to 2 h - 1."""
        if self.firing_penalty and self.training:
            self.penalty = self.firing_penalty * _imbalance(self.slope * z)
        p = self.probabilities(z)
        with torch.no_grad():
            thresholds = self.thresholds(p)
            h = torch.lt(thresholds, p, out=torch.empty_like(p))
        if self.estimator is not None:
            h = self.estimator.states(Firing(self.layer, z, self.slope, p, thresholds, h))
        return self.shown(h)

    def mean_field(self, z):
        """Maps z, as `forward` does, to the expectation of what the layer above sees."""
        return self.shown(self.probabilities(z))

    def shown(self, h):
        """Returns what the layer above sees of states or probabilities: h, or 2 h - 1."""
        return 2.0 * h - 1.0 if self.signed else h


def _imbalance(x):
    """Returns how far units are from firing half of the time: the mean over units of
    (mean over samples of (x + 1) / 2 - 1/2)^2, which is not clipped, so that it moves silent units.
    """
    return (0.5 * x.mean(0)).square().mean()


class MixedActivation(nn.Module):
    """A layer whose first channels are binary and whose others are real.

    Args:
        binary: a `BinaryActivation`.
        real: the activation of the other channels.
        channels: how many are binary.
    """

    def __init__(self, binary, real, channels):
        super().__init__()
        self.binary, self.real, self.channels = binary, real, channels

    @property
    def slope(self):
        """The slope of both parts."""
        return self.binary.slope

    @slope.setter
    def slope(self, slope):
        self.binary.slope = self.real.slope = slope

    def forward(self, z):
        """Maps z, [samples, channels, ...], to activations of the same shape."""
        binary, real = z[:, : self.channels], z[:, self.channels :]
        return torch.cat([self.binary(binary), self.real(real)], dim=1)
