"""Other ways to evaluate a network whose units are stochastic, once it is trained."""

import contextlib

SAMPLES = 16  # of `mean_of_samples`

# What binary units do, by the name of the evaluation.
EVALUATIONS = {
    "mean_of_samples": "draw a sample, as in training; the mean prediction over samples counts",
    "mean_field": "hand on the firing probability p",
    "thresholded": "fire where p > 1/2",
    "no_margin": "draw a sample, with p not kept from 0 and 1",
}


@contextlib.contextmanager
def evaluated_as(network, name):
    """Changes what the binary units of a network do, until the context ends.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        name: of `EVALUATIONS`.
    """
    units = network.binary_layers.values()
    before = [(unit, unit.mode, unit.margin) for unit in units]
    for unit in units:
        match name:
            case "mean_field":
                unit.forward = unit.mean_field
            case "thresholded":
                unit.mode = "deterministic"
            case "no_margin":
                unit.margin = 0.0
    try:
        yield
    finally:
        for unit, mode, margin in before:
            unit.mode, unit.margin = mode, margin
            vars(unit).pop("forward", None)
