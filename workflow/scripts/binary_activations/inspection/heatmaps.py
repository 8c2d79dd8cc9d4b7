"""Heatmaps: where on a drawing each convolutional layer is active."""

import math

import torch
import torch.nn.functional as F

from binary_activations.inspection.layers import fired


def heatmap(activations):
    """Returns the mean over a layer's channels, negative values cut to 0, divided by its maximum.

    Args:
        activations: [drawings, channels, height, width].

    Returns:
        [drawings, height, width] in [0, 1]; a drawing that activates nothing stays zero.
    """
    return _scaled(activations.mean(1))


def channel_square(activations):
    """Returns the channels of a layer of 1 x 1, which has no places, as a square.

    Negative values are cut to 0, all are divided by the maximum.

    Args:
        activations: [drawings, channels, 1, 1].

    Returns:
        [drawings, side, side] in [0, 1], row by row; what is left of the last rows is zero.
    """
    values = activations.flatten(1)
    side = math.isqrt(values.shape[1] - 1) + 1
    return _scaled(F.pad(values, (0, side**2 - values.shape[1])).unflatten(1, (side, side)))


def _scaled(maps):
    maps = maps.clamp(min=0.0)
    largest = maps.amax((1, 2), keepdim=True)
    return maps / torch.where(largest > 0, largest, torch.ones_like(largest))


@torch.inference_mode()
def layer_heatmaps(network, drawings, samples, generator):
    """Computes the heatmaps of every layer; of states -1 and 1, where units fire.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`.
        drawings: its inputs, [drawings, 1, 28, 28].
        samples: of the stochastic layers, over which activations are averaged.
        generator: where they draw from.

    Returns:
        By layer, a mapping from what is shown to heatmaps [drawings, height, width]: `mean`, or
        `channels` of a layer of 1 x 1; and `sample`, one sample, for the layers whose activations
        are random.
    """
    network.eval()
    network.set_generator(generator)
    stochastic = [unit.mode == "stochastic" for unit in network.binary_layers.values()]
    repeats = samples if any(stochastic) else 1
    repeated = network.layer_activations(drawings.repeat_interleave(repeats, 0))
    result, random = {}, False
    for name, activations in repeated.items():
        unit = network.binary_layers.get(name)
        random = random or (unit is not None and unit.mode == "stochastic")
        by_drawing = fired(network, name, activations).unflatten(0, (len(drawings), repeats))
        kind, shown = "mean", heatmap
        if activations.shape[2:] == (1, 1):
            kind, shown = "channels", channel_square
        result[name] = {kind: shown(by_drawing.mean(1))}
        if random:
            result[name]["sample"] = shown(by_drawing[:, 0])
    return result
