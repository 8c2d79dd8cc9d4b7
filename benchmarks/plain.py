"""The same trainings as a tutorial writes them: what this project's speed is compared with.

Data sets that transform one sample at a time in a DataLoader, modules of PyTorch in an ordinary
loop, losses read after every step; Omniglot from an image file a drawing, in double precision.
The binary units are the project's own.
"""

import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.distributions import Bernoulli
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Compose, Normalize, ToTensor

from binary_activations.data.datasets import MNIST_MEAN, MNIST_STD
from binary_activations.estimators.straight_through import Estimator as StraightThrough
from binary_activations.networks.activations import BinaryActivation, HardSigmoid


class Digits(Dataset):
    """One image at a time, as torchvision's MNIST gives them."""

    def __init__(self, images):
        self.images = images
        self.transform = Compose([ToTensor(), Normalize((MNIST_MEAN,), (MNIST_STD,))])

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = Image.fromarray(self.images.images[index, 0].numpy())
        return self.transform(image), int(self.images.labels[index])


def layer(inputs, outputs, kernel_size, unit):
    """Convolution, batch norm, max-pool, activation."""
    convolution = nn.Conv2d(inputs, outputs, kernel_size, padding=kernel_size // 2)
    return [convolution, nn.BatchNorm2d(outputs), nn.MaxPool2d(2), unit]


def binary(units, name, otherwise):
    """Returns the layer's unit."""
    if name not in units["layers"]:
        return otherwise
    unit = BinaryActivation(units["mode"], units.get("margin", 0.0))
    scored = units["estimator"]["name"] == "running_mean"
    unit.estimator = ScoreFunction() if scored else StraightThrough()
    return unit


class ScoreFunction:
    """REINFORCE as a tutorial writes it: the layer's probabilities and states are kept."""

    def states(self, firing):
        self.kept = firing.p, firing.h
        return firing.h


class Classification:
    """The MNIST network and its training, one variant."""

    def __init__(self, units, images, batch_size):
        self.batch_size, self.images = batch_size, images
        self.network = nn.Sequential(
            *layer(1, 16, 5, binary(units, "conv1", HardSigmoid())),
            *layer(16, 32, 5, binary(units, "conv2", HardSigmoid())),
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 10),
        )
        found = [getattr(module, "estimator", None) for module in self.network]
        self.scored = [estimator for estimator in found if isinstance(estimator, ScoreFunction)]
        self.optimiser = torch.optim.SGD(self.network.parameters(), lr=0.03, momentum=0.9)

    def train(self, steps):
        """Trains for a number of steps."""
        images = self.images.subset(torch.arange(steps * self.batch_size) % len(self.images))
        total = 0.0
        self.network.train()
        for inputs, labels in DataLoader(Digits(images), self.batch_size, shuffle=True):
            self.optimiser.zero_grad()
            losses = F.nll_loss(self.network(inputs).log_softmax(1), labels, reduction="none")
            loss = losses.mean()
            for estimator in self.scored:
                p, h = estimator.kept
                log_probability = Bernoulli(p).log_prob(h).flatten(1).sum(1)
                loss = loss + (losses.detach() * log_probability).mean()
            loss.backward()
            self.optimiser.step()
            total += losses.mean().item()
        return total


class Matching:
    """The matching network, its training and its test, with an image file a drawing."""

    CLASSES = 200

    def __init__(self, units, characters):
        self.folder = tempfile.TemporaryDirectory()
        self.drawers = characters.drawings.shape[1]
        for number, drawings in enumerate(characters.drawings[: self.CLASSES]):
            for drawer, drawing in enumerate(drawings):
                Image.fromarray(drawing[0].numpy()).save(self.path(number, drawer))
        self.classes = min(self.CLASSES, len(characters.drawings))
        channels = (1, 64, 64, 64, 64)
        activations = (binary(units, f"conv{number}", nn.ReLU()) for number in range(1, 5))
        layers = [
            module
            for inputs, outputs, unit in zip(channels, channels[1:], activations, strict=False)
            for module in layer(inputs, outputs, 3, unit)
        ]
        self.network = nn.Sequential(*layers, nn.Flatten()).double()
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=1e-3)
        self.random = np.random.default_rng(0)

    def path(self, number, drawer):
        """Returns the file of one drawing."""
        return Path(self.folder.name) / f"{number}_{drawer}.png"

    def load(self, numbers, drawers):
        """Drawings [classes * drawers, 1, 28, 28], classes in order."""
        to_tensor = ToTensor()
        files = (
            self.path(n, d) for n, chosen in zip(numbers, drawers, strict=True) for d in chosen
        )
        return torch.stack([to_tensor(Image.open(file)).double() for file in files])

    def losses(self, n_way, queries):
        """Losses of one episode's queries, one support drawing a class."""
        numbers = self.random.choice(self.classes, n_way, replace=False)
        drawers = [self.random.permutation(self.drawers)[: 1 + queries] for _ in numbers]
        drawings = [
            self.load(numbers, [chosen[:1] for chosen in drawers]),
            self.load(numbers, [chosen[1:] for chosen in drawers]),
        ]
        support, query = self.network(torch.cat(drawings)).split([n_way, n_way * queries])
        distances = (query[:, None] - support[None]).square().sum(-1)
        probabilities = (-distances).softmax(1)
        labels = torch.arange(n_way).repeat_interleave(queries)
        return F.nll_loss(probabilities.clamp(1e-8, 1 - 1e-8).log(), labels, reduction="none")

    def train(self, episodes):
        """Trains for a number of episodes of 5 ways and 15 queries a class."""
        total = 0.0
        self.network.train()
        for _ in range(episodes):
            self.optimiser.zero_grad()
            loss = self.losses(5, 15).mean()
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimiser.step()
            total += loss.item()
        return total

    @torch.no_grad()
    def test(self, episodes):
        """Tests on a number of episodes of 5 ways and 1 query a class."""
        self.network.eval()
        return sum(self.losses(5, 1).mean().item() for _ in range(episodes))
