"""Which drawings pictures show, the same for every variant."""

import torch

from binary_activations.data.contents import ROTATIONS
from binary_activations.data.datasets import load_images, load_omniglot, normalised
from binary_activations.study.tasks import is_few_shot


def choose_drawings(dataset, path, classes):
    """Chooses one test drawing of each of several classes, the same for every variant.

    Args:
        dataset: a name of `tasks.TASKS`.
        path: the prepared arrays.
        classes: how many, spread evenly over all classes that have test images or, few-shot, over
            the evaluation characters (upright).

    Returns:
        The network's inputs, float32 [classes, 1, 28, 28].
    """
    if not is_few_shot(dataset):
        images = load_images(path, "test")
        there = images.labels.unique()
        chosen = there[spread(len(there), classes)]
        first = [int((images.labels == label).nonzero()[0, 0]) for label in chosen]
        return normalised(images.images[first])
    characters = load_omniglot(path, "evaluation")
    upright = len(characters.alphabets) // ROTATIONS
    chosen = spread(upright, classes)
    return characters.inputs(chosen, torch.zeros_like(chosen))


def unseen_drawings(dataset, path, count):
    """Chooses drawings that the network was not trained on, spread evenly over all of them.

    Args:
        dataset: a name of `tasks.TASKS`.
        path: the prepared arrays.
        count: how many at most.

    Returns:
        The network's inputs, float32 [drawings, 1, 28, 28]; Omniglot's are upright.
    """
    if not is_few_shot(dataset):
        images = load_images(path, "test")
        return normalised(images.images[spread(len(images), count)])
    characters = load_omniglot(path, "evaluation")
    upright, drawers = len(characters.alphabets) // ROTATIONS, characters.drawings.shape[1]
    chosen = spread(upright * drawers, count)
    return characters.inputs(chosen // drawers, chosen % drawers)


def spread(available, count):
    """Returns indices of at most so many of what is available, evenly spread: int64 [count]."""
    count = min(count, available)
    return torch.arange(count) * available // count
