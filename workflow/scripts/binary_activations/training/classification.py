"""Classification: digits, or all characters of Omniglot."""

import torch
import torch.nn.functional as F

from binary_activations.data.datasets import normalised, split
from binary_activations.data.distortions import distort, draw_distortions
from binary_activations.training.fit import Training
from binary_activations.training.generators import generator
from binary_activations.training.optimisers import Momentum
from binary_activations.training.outcomes import outcomes
from binary_activations.training.steps import backpropagate, run_steps


class ClassificationTraining(Training):
    """The training of a network that classifies, by stochastic gradient descent with momentum.

    Args:
        settings: `Study.training_settings`.
        seed: the replicate's.
        images: a `datasets.LabelledImages`; some are held out for validation, by seed.
        device: where it trains.

    Raises:
        StudyError: where no image would be left to train on.
    """

    def __init__(self, settings, seed, images, device):
        super().__init__(settings, seed, device)
        held_out = settings["training"]["validation_images"]
        self.images, self.held_out = split(images, held_out, generator(seed, "split"))

    def new_optimiser(self, groups):
        training = self.settings["training"]
        options = (training[key] for key in ("momentum", "nesterov", "weight_decay"))
        return Momentum(groups, *options)

    def train_epoch(self):
        """Trains for one pass over the images, in an order and with distortions drawn anew.

        Returns:
            The epoch's mean loss and accuracy (0 to 1) over the images as they were trained on.
        """
        self.network.train()
        device = self.images.labels.device
        totals = torch.zeros(2, dtype=torch.float64, device=device)

        def step(pixels, labels, maps=None):
            def criterion(logits):
                return F.cross_entropy(logits, labels, reduction="none")

            seen = pixels if maps is None else distort(pixels, maps)
            logits = self.network(normalised(seen))
            losses = criterion(logits)
            estimates = self.estimator.gradients(self.network, losses, criterion, labels)
            self.optimiser.zero_grad()
            backpropagate(losses.mean() + self.network.penalty(), estimates)
            self.optimiser.step()
            totals[0] += losses.detach().sum()
            totals[1] += (logits.detach().argmax(1) == labels).sum()

        order = torch.randperm(len(self.images), generator=self.order).to(device)
        images = self.images.subset(order)
        parts = [images.images, images.labels]
        distortions = self.settings["training"]["distortions"]
        if any(distortions.values()):
            size = images.images.shape[-1]
            parts.append(draw_distortions(distortions, len(images), size, self.order).to(device))
        batches = [part.split(self.settings["training"]["batch_size"]) for part in parts]
        run_steps(step, list(zip(*batches, strict=True)), self.network.generator)
        return (totals / len(images)).tolist()

    def validate(self):
        if not len(self.held_out):
            return None, None
        losses, classes = outcomes(self.network, self.held_out)
        correct = classes == self.held_out.labels
        return losses.mean().item(), correct.double().mean().item()
