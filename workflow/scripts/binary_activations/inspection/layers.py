"""What excites the filters of a trained network."""

import math

import torch

from binary_activations.networks.convolutional import EVALUATION_BATCH


def fired(network, name, activations):
    """Returns activations of a layer, [drawings, channels, height, width], in which units with
    states -1 and 1 are 1 where they fire and 0 where not; all others are as they were."""
    unit, last = network.binary_layers.get(name), network.layers[name][-1]
    if unit is None or not unit.signed:
        return activations
    binary = activations.shape[1] if last is unit else last.channels
    parts = (activations[:, :binary] + 1.0) / 2.0, activations[:, binary:]
    return torch.cat(parts, dim=1)


@torch.inference_mode()
def filter_excitations(network, drawings, generator):
    """Passes drawings through a network; stochastic layers draw one sample a drawing.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`; put into evaluation mode.
        drawings: its inputs, [drawings, 1, 28, 28].
        generator: where stochastic layers draw from.

    Returns:
        By layer, the mean activation of each filter on each drawing, [drawings, channels]; of
        states -1 and 1, how often it fires.
    """
    network.eval()
    network.set_generator(generator)
    excitations = {name: [] for name in network.layer_names}
    for batch in drawings.split(EVALUATION_BATCH):
        for name, activations in network.layer_activations(batch).items():
            excitations[name].append(fired(network, name, activations).mean((2, 3)))
    return {name: torch.cat(parts) for name, parts in excitations.items()}


def most_exciting(excitations, drawings, count):
    """Returns the drawings that excite each filter most, strongest first.

    Args:
        excitations: of one layer, as `filter_excitations` returns them.
        drawings: [drawings, 1, height, width].
        count: drawings a filter.

    Returns:
        float32 [count, channels, height, width]; not a number where fewer excite it at all.
    """
    order = excitations.argsort(dim=0, descending=True, stable=True)[:count]
    excited = excitations.gather(0, order) > 0
    return drawings[order, 0].where(excited[:, :, None, None], math.nan)
