"""The tests of trained networks, as their metrics files have them."""

import base64

import numpy as np
import torch

from binary_activations.data.datasets import MNIST_CLASSES
from binary_activations.networks.evaluations import EVALUATIONS, SAMPLES, evaluated_as
from binary_activations.training.few_shot import evaluate_episodes
from binary_activations.training.generators import generator
from binary_activations.training.outcomes import outcomes
from binary_activations.training.task_metrics import task_metrics


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


def few_shot_metrics(network, characters, episodes, task, seed):
    """Tests a matching network on episodes; stochastic layers draw one sample a drawing.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        characters: a `datasets.Characters`.
        episodes: an `episodes.Episodes` of them.
        task: its name.
        seed: the replicate's, for the generator of stochastic units.

    Returns:
        `task_metrics` and `evaluations` (`other_evaluations`).
    """

    def test(samples=1):
        network.set_generator(generator(seed, "units", characters.drawings.device))
        return evaluate_episodes(network, characters, episodes, samples)

    def means(samples):
        losses, accuracies = test(samples)
        return {"loss": losses.mean().item(), "accuracy": accuracies.mean().item()}

    return {**task_metrics(task, *test()), "evaluations": other_evaluations(network, means)}


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


def packed(flags):
    """Packs an array of flags: eight to a byte (`numpy.packbits`), as base64 text."""
    return base64.b64encode(np.packbits(flags).tobytes()).decode()
