"""Heatmaps: where on a drawing each convolutional layer is active."""

import torch

from binary_activations.datasets import load_mnist, load_omniglot, normalised


def choose_drawings(dataset, path, classes):
    """One test drawing of each of several classes, the same for every variant.

    Args:
        dataset: `mnist` or `omniglot`.
        path: the prepared arrays.
        classes: how many, spread evenly over the digits or the evaluation characters (upright).

    Returns:
        The network's inputs, float32 [classes, 1, 28, 28].
    """
    if dataset == "mnist":
        images = load_mnist(path, "test")
        digits = _spread(int(images.labels.max()) + 1, classes)
        first = [int((images.labels == digit).nonzero()[0, 0]) for digit in digits]
        return normalised(images.images[torch.tensor(first)])
    characters = load_omniglot(path, "evaluation")
    upright = len(characters.alphabets) // 4
    chosen = torch.tensor(_spread(upright, classes))
    return characters.inputs(chosen, torch.zeros_like(chosen))


def _spread(available, count):
    return [number * available // count for number in range(min(count, available))]


def heatmap(activations):
    """The mean over a layer's channels, negative values cut to 0, divided by its maximum.

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
    """Heatmaps of every layer.

    Args:
        network: a trained `networks.ConvolutionalNetwork`.
        drawings: its inputs, [drawings, 1, 28, 28].
        samples: of the stochastic layers, over which activations are averaged.
        generator: where they draw from.

    Returns:
        By layer, a mapping from what is shown to heatmaps [drawings, height, width]: `mean`,
        and `sample`, one sample, for the layers whose activations are random.
    """
    network.eval()
    network.set_generator(generator)
    stochastic = [unit.mode == "stochastic" for unit in network.binary_activations]
    repeats = samples if any(stochastic) else 1
    repeated = network.layer_activations(drawings.repeat_interleave(repeats, 0))
    result, random = {}, False
    for name, activations in repeated.items():
        unit = network.layers[name][-1]
        random = random or getattr(unit, "mode", None) == "stochastic"
        by_drawing = activations.unflatten(0, (len(drawings), repeats))
        result[name] = {"mean": heatmap(by_drawing.mean(1))}
        if random:
            result[name]["sample"] = heatmap(by_drawing[:, 0])
    return result
