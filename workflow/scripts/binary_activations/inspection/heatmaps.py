"""Heatmaps: where on a drawing each convolutional layer is active."""

import torch


def heatmap(activations):
    """Returns the mean over a layer's channels, negative values cut to 0, divided by its maximum.

    Args:
        activations: [drawings, channels, height, width].

    Returns:
        [drawings, height, width] in [0, 1]; a drawing that activates nothing stays zero.
    """
    means = activations.mean(1).clamp(min=0.0)
    largest = means.amax((1, 2), keepdim=True)
    return means / torch.where(largest > 0, largest, torch.ones_like(largest))


@torch.inference_mode()
def layer_heatmaps(network, drawings, samples, generator):
    """Computes the heatmaps of every layer.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`.
        drawings: its inputs, [drawings, 1, 28, 28].
        samples: of the stochastic layers, over which activations are averaged.
        generator: where they draw from.

    Returns:
        By layer, a mapping from what is shown to heatmaps [drawings, height, width]: `mean`,
        and `sample`, one sample, for the layers whose activations are random.
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
        by_drawing = activations.unflatten(0, (len(drawings), repeats))
        result[name] = {"mean": heatmap(by_drawing.mean(1))}
        if random:
            result[name]["sample"] = heatmap(by_drawing[:, 0])
    return result
