"""The test metrics of an MNIST network, as they are kept."""

import base64

import numpy as np
import torch

from binary_activations.data.datasets import MNIST_CLASSES
from binary_activations.training.generators import generator
from binary_activations.training.other_evaluations import other_evaluations
from binary_activations.training.outcomes import outcomes


def classification_metrics(network, images, seed):
    """Tests an MNIST network; stochastic layers draw one sample an image.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        images: a `datasets.LabelledImages`.
        seed: the replicate's, for the generator of stochastic units.

    Returns:
        `loss`, the mean negative log likelihood in nats; `accuracy`, from 0 to 1; `confusion`, how
        many images of each class (row) were taken for each class (column); `correct`, whether each
        image's class was found (`packed`); and `evaluations` (`other_evaluations`).
    """
    labels = images.labels

    def test(samples=1):
        network.set_generator(generator(seed, "units", labels.device))
        losses, classes = outcomes(network, images, samples)
        correct = classes == labels
        means = {"loss": losses.mean().item(), "accuracy": correct.double().mean().item()}
        return means, classes, correct

    means, classes, correct = test()
    confusion = torch.bincount(labels * MNIST_CLASSES + classes, minlength=MNIST_CLASSES**2)
    return {
        **means,
        "confusion": confusion.view(MNIST_CLASSES, MNIST_CLASSES).tolist(),
        "correct": packed(correct.cpu().numpy()),
        "evaluations": other_evaluations(network, lambda samples: test(samples)[0]),
    }


def packed(flags):
    """Packs an array of flags: eight to a byte (`numpy.packbits`), as base64 text."""
    return base64.b64encode(np.packbits(flags).tobytes()).decode()
