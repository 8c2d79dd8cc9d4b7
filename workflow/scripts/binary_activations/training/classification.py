"""The MNIST task: training and evaluation."""

import torch
import torch.nn.functional as F

from binary_activations.data.datasets import MNIST_CLASSES, normalised, split
from binary_activations.networks.convolutional import EVALUATION_BATCH
from binary_activations.training.fit import Training
from binary_activations.training.generators import generator
from binary_activations.training.optimisers import Momentum
from binary_activations.training.steps import backpropagate, run_steps


class ClassificationTraining(Training):
    """The training of an MNIST network, by stochastic gradient descent with momentum.

    Args:
        settings: `Study.training_settings`.
        seed: the replicate's.
        images: a `datasets.LabelledImages`; some are held out for validation, by seed.
        device: where it trains.

    Raises:
        StudyError: where no image would be left to train on.
    """

    dataset = "mnist"

    def __init__(self, settings, seed, images, device):
        super().__init__(settings, seed, MNIST_CLASSES, device)
        held_out = settings["training"]["validation_images"]
        self.images, self.held_out = split(images, held_out, generator(seed, "split"))

    def new_optimiser(self, groups):
        return Momentum(groups, self.settings["training"]["momentum"])

    def train_epoch(self):
        """Trains for one pass over the images, in an order drawn anew.

        Returns:
            The epoch's mean loss and accuracy (0 to 1) over the images as they were trained on.
        """
        self.network.train()
        device = self.images.labels.device
        totals = torch.zeros(2, dtype=torch.float64, device=device)

        def step(pixels, labels):
            def criterion(logits):
                return F.cross_entropy(logits, labels, reduction="none")

            logits = self.network(normalised(pixels))
            losses = criterion(logits)
            estimates = self.estimator.gradients(self.network, losses, criterion, labels)
            self.optimiser.zero_grad()
            backpropagate(losses.mean(), estimates)
            self.optimiser.step()
            totals[0] += losses.detach().sum()
            totals[1] += (logits.detach().argmax(1) == labels).sum()

        order = torch.randperm(len(self.images), generator=self.order).to(device)
        images = self.images.subset(order)
        batch_size = self.settings["training"]["batch_size"]
        pixels, labels = (part.split(batch_size) for part in (images.images, images.labels))
        run_steps(step, list(zip(pixels, labels, strict=True)), self.network.generator)
        return (totals / len(images)).tolist()

    def validate(self):
        metrics = evaluate_classifier(self.network, self.held_out)
        return metrics["loss"], metrics["accuracy"]


@torch.inference_mode()
def evaluate_classifier(network, images):
    """Evaluates the MNIST network; stochastic layers draw one sample an image.

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
    for start in range(0, len(images), EVALUATION_BATCH):
        batch = slice(start, start + EVALUATION_BATCH)
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
