"""The test metrics of a network that classifies, as they are kept."""

import base64

import numpy as np
import torch

from binary_activations.training.generators import generator
from binary_activations.training.other_evaluations import other_evaluations
from binary_activations.training.outcomes import outcomes

CONFUSED = 100


def classification_metrics(network, images, seed):
    """Tests a network that classifies; stochastic layers draw one sample an image.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        images: a `datasets.LabelledImages`.
        seed: the replicate's, for the generator of stochastic units.

    Returns:
        `loss`, the mean negative log likelihood in nats; `accuracy`, from 0 to 1; how many `images`
        there are; `confusion`, how
        many images of each class (row) were taken for each class (column), of `CONFUSED` classes at
        most; `correct`, whether each
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
    count = network.head.out_features
    return {
        **means,
        "images": len(labels),
        **({"confusion": _confusion(labels, classes, count)} if count <= CONFUSED else {}),
        "correct": packed(correct.cpu().numpy()),
        "evaluations": other_evaluations(network, lambda samples: test(samples)[0]),
    }


def _confusion(labels, classes, count):
    counts = torch.bincount(labels * count + classes, minlength=count**2)
    return counts.view(count, count).tolist()


def packed(flags):
    """Packs an array of flags: eight to a byte (`numpy.packbits`), as base64 text."""
    return base64.b64encode(np.packbits(flags).tobytes()).decode()
