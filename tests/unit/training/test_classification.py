"""The MNIST task."""

import pytest
import torch
import torch.nn.functional as F

from binary_activations.data.datasets import normalised
from binary_activations.training.classification import ClassificationTraining
from samples.trainings import digits, settings_of, units_of


def test_validation_is_on_the_images_held_out():
    training = ClassificationTraining(settings_of(units_of(None)), 0, digits(), "cpu")
    assert (len(training.images), len(training.held_out)) == (80, 16)
    loss, accuracy = training.validate()
    training.network.eval()
    with torch.no_grad():
        logits = training.network(normalised(training.held_out.images))
    labels = training.held_out.labels
    assert loss == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-5)
    assert accuracy == (logits.argmax(1) == labels).double().mean().item()
