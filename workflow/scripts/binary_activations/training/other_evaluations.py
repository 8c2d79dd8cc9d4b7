"""Evaluations of a trained network with stochastic units in other ways than by one sample."""

from binary_activations.networks.evaluations import EVALUATIONS, SAMPLES, evaluated_as


def other_evaluations(network, evaluate):
    """Evaluates a network with stochastic units in other ways than by one sample.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        evaluate: function from a number of samples to `loss` and `accuracy`.

    Returns:
        By name (`evaluations.EVALUATIONS`), what `evaluate` returns; nothing where no unit is
        stochastic.
    """
    if not any(unit.mode == "stochastic" for unit in network.binary_layers.values()):
        return {}
    found = {}
    for name in EVALUATIONS:
        with evaluated_as(network, name):
            found[name] = evaluate(SAMPLES if name == "mean_of_samples" else 1)
    return found
