"""The MNIST task: one epoch of training, and evaluation."""

import torch
import torch.nn.functional as F

from binary_activations.data.datasets import MNIST_CLASSES, normalised
from binary_activations.estimators.score_functions import backpropagate
from binary_activations.training.steps import run_steps

BATCH = 500


def mnist_epoch(network, optimiser, images, batch_size, order, score_function):
    """Train for one pass over the images, in an order drawn anew.

    Args:
        network: drawings to logits.
        optimiser: steps once a batch.
        images: a `datasets.LabelledImages`.
        batch_size: the last batch may be smaller.
        order: a CPU generator.
        score_function: a `score_functions.ScoreFunction`, where the network has `reinforce`
            layers, else None.

    Returns:
        The epoch's mean loss and accuracy (0 to 1) over the images as they were trained on.
    """
    network.train()
    device = images.labels.device
    totals = torch.zeros(2, dtype=torch.float64, device=device)

    def step(pixels, labels):
        def criterion(logits):
            return F.cross_entropy(logits, labels, reduction="none")

        logits = network(normalised(pixels))
        losses = criterion(logits)
        estimates = []
        if score_function:
            estimates = score_function.gradients(network, losses, criterion, labels)
        optimiser.zero_grad()
        backpropagate(losses.mean(), estimates)
        optimiser.step()
        totals[0] += losses.detach().sum()
        totals[1] += (logits.detach().argmax(1) == labels).sum()

    images = images.subset(torch.randperm(len(images), generator=order).to(device))
    pixels, labels = (part.split(batch_size) for part in (images.images, images.labels))
    run_steps(step, list(zip(pixels, labels, strict=True)), network.generator)
    return (totals / len(images)).tolist()


@torch.inference_mode()
def evaluate_classifier(network, images):
    """Evaluate the MNIST network; stochastic layers draw one sample an image.

    Args:
        network: drawings to logits; put into evaluation mode.
        images: a `datasets.LabelledImages`.

    Returns:
        `loss`, the mean negative log likelihood in nats; `accuracy`, from 0 to 1; `confusion`,
        how many images of each class (row) were taken for each class (column).
    """
    network.eval()
    device = images.labels.device
    total = torch.zeros((), dtype=torch.float64, device=device)
    confusion = torch.zeros(MNIST_CLASSES**2, dtype=torch.int64, device=device)
    for start in range(0, len(images), BATCH):
        batch = slice(start, start + BATCH)
        labels = images.labels[batch]
        logits = network(normalised(images.images[batch]))
        total += F.cross_entropy(logits, labels, reduction="sum")
        pairs = labels * MNIST_CLASSES + logits.argmax(1)
        confusion += torch.bincount(pairs, minlength=len(confusion))
    confusion = confusion.view(MNIST_CLASSES, MNIST_CLASSES).tolist()
    correct = sum(row[label] for label, row in enumerate(confusion))
    return {
        "loss": total.item() / len(images),
        "accuracy": correct / len(images),
        "confusion": confusion,
    }
