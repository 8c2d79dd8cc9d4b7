"""The MNIST task: one epoch of training, and evaluation."""

import torch
import torch.nn.functional as F

from binary_activations.datasets import normalised
from binary_activations.estimators import score_function_loss
from binary_activations.steps import run_steps

BATCH = 500


def mnist_epoch(network, optimiser, images, batch_size, order, signal):
    """Train for one pass over the images, in an order drawn anew.

    Args:
        network: drawings to logits.
        optimiser: steps once a batch.
        images: a `datasets.LabelledImages`.
        batch_size: the last batch may be smaller.
        order: a CPU generator.
        signal: of the score function; used where the network has `reinforce` layers.

    Returns:
        The epoch's mean loss and accuracy (0 to 1) over the images as they were trained on.
    """
    network.train()
    device = images.labels.device
    totals = torch.zeros(2, dtype=torch.float64, device=device)

    def step(pixels, labels):
        logits = network(normalised(pixels))
        losses = F.cross_entropy(logits, labels, reduction="none")
        objective = losses.mean()
        if (log_probabilities := network.log_probability()) is not None:
            objective = objective + score_function_loss(signal(losses), log_probabilities)
            signal.update(losses)
        optimiser.zero_grad()
        objective.backward()
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
        `loss`, the mean negative log likelihood in nats; `accuracy`, from 0 to 1; `images`,
        how many there were.
    """
    network.eval()
    totals = torch.zeros(2, dtype=torch.float64, device=images.labels.device)
    for start in range(0, len(images), BATCH):
        batch = slice(start, start + BATCH)
        labels = images.labels[batch]
        logits = network(normalised(images.images[batch]))
        totals[0] += F.cross_entropy(logits, labels, reduction="sum")
        totals[1] += (logits.argmax(1) == labels).sum()
    loss, accuracy = (totals / len(images)).tolist()
    return {"loss": loss, "accuracy": accuracy, "images": len(images)}
