"""What is made of each image, on a classifier that is known."""

import math

import pytest
import torch

from binary_activations.data.datasets import LabelledImages
from binary_activations.training import outcomes as module
from binary_activations.training.outcomes import outcomes


class Brightest(torch.nn.Module):
    """Takes each image for the class that its first pixel names, with 9 to 1."""

    def forward(self, inputs):
        named = (inputs[:, 0, 0, 0] * 0.3081 * 255 + 0.1307 * 255).round().long()
        logits = torch.zeros(len(inputs), 10)
        return logits.scatter(1, named[:, None], math.log(9 * 9))


@pytest.fixture
def digits():
    """Ten images, the last of which is taken for an 8."""
    images = torch.zeros(10, 1, 28, 28, dtype=torch.uint8)
    images[:, 0, 0, 0] = torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 8])
    return LabelledImages(images, torch.arange(10))


def test_losses_and_classes_are_those_of_every_image(monkeypatch, digits):
    monkeypatch.setattr(module, "EVALUATION_BATCH", 4)
    losses, classes = outcomes(Brightest(), digits)
    assert classes.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8]
    # The named class has 81 of 90 parts, each other one part.
    expected = [-math.log(81 / 90)] * 9 + [-math.log(1 / 90)]
    assert losses.tolist() == pytest.approx(expected, rel=1e-5)


class Alternating(torch.nn.Module):
    """Gives the first of two classes three parts of four, and then one part of four."""

    calls = 0

    def forward(self, inputs):
        self.calls += 1
        first = torch.tensor([3.0, 1.0]).log() if self.calls % 2 else torch.tensor([1.0, 3.0]).log()
        return first.expand(len(inputs), 2)


def test_over_samples_it_is_the_mean_probability_that_counts():
    images = LabelledImages(torch.zeros(1, 1, 28, 28, dtype=torch.uint8), torch.tensor([1]))
    losses, _ = outcomes(Alternating(), images, samples=2)
    assert losses.item() == pytest.approx(-math.log(1 / 2))
    losses, classes = outcomes(Alternating(), images, samples=3)
    assert losses.item() == pytest.approx(-math.log(5 / 12))
    assert classes.item() == 0
