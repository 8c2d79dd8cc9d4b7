"""The MNIST task on a classifier that is known."""

import math

import pytest
import torch

from binary_activations.data.datasets import LabelledImages
from binary_activations.training import classification
from binary_activations.training.classification import evaluate_classifier


class Brightest(torch.nn.Module):
    """Takes each image for the class that its first pixel names, with 9 to 1."""

    def forward(self, inputs):
        named = (inputs[:, 0, 0, 0] * 0.3081 * 255 + 0.1307 * 255).round().long()
        logits = torch.zeros(len(inputs), 10)
        return logits.scatter(1, named[:, None], math.log(9 * 9))


def test_losses_and_errors_are_those_of_every_image(monkeypatch):
    monkeypatch.setattr(classification, "EVALUATION_BATCH", 4)
    images = torch.zeros(10, 1, 28, 28, dtype=torch.uint8)
    images[:, 0, 0, 0] = torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 8])
    found = evaluate_classifier(Brightest(), LabelledImages(images, torch.arange(10)))
    assert found["accuracy"] == 0.9
    assert found["confusion"][9][8] == 1
    assert sum(map(sum, found["confusion"])) == 10
    # The named class has 81 of 90 parts, each other one part.
    right, wrong = -math.log(81 / 90), -math.log(1 / 90)
    assert found["loss"] == pytest.approx((9 * right + wrong) / 10, rel=1e-5)
