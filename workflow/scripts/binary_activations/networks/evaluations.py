"""Other ways to evaluate a network whose units are stochastic, once it is trained."""

import contextlib

from torch import nn

SAMPLES = 16  # of `mean_of_samples`

# What binary units do, by the name of the evaluation.
EVALUATIONS = {
    "mean_of_samples": "draw a sample, as in training; the mean prediction over samples counts",
    "mean_field": "hand on the firing probability p",
    "thresholded": "fire where p > 1/2",
    "no_margin": "draw a sample, with p not kept from 0 and 1",
}


class MeanField(nn.Module):
    """Hands on firing probabilities in place of states.

    Args:
        unit: an `activations.BinaryActivation`.
    """

    def __init__(self, unit):
        super().__init__()
        self.unit = unit

    def forward(self, z):
        return self.unit.probabilities(z)


@contextlib.contextmanager
def evaluated_as(network, name):
    """Changes what the binary units of a network do, until the context ends.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        name: of `EVALUATIONS`.
    """
    before = [(layer, unit := layer[-1], unit.mode, unit.margin) for layer in _binary(network)]
    for layer, unit, _, _ in before:
        match name:
            case "mean_field":
                layer[-1] = MeanField(unit)
            case "thresholded":
                unit.mode = "deterministic"
            case "no_margin":
                unit.margin = 0.0
    try:
        yield
    finally:
        for layer, unit, mode, margin in before:
            layer[-1], unit.mode, unit.margin = unit, mode, margin


def _binary(network):
    return [network.layers[name] for name in network.binary_layers]
