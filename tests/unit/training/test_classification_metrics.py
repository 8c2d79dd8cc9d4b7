"""Test metrics of MNIST networks."""

import base64

import numpy as np
import pytest
import torch

from binary_activations.training.classification_metrics import classification_metrics, packed
from binary_activations.training.fit import new_network
from binary_activations.training.generators import generator
from binary_activations.training.outcomes import outcomes
from samples.trainings import digits, units_of


def test_classification_metrics_are_those_of_every_image():
    network = new_network("mnist", units_of("none"), 3, "cpu")
    images = digits(90)
    found = classification_metrics(network, images, 3)
    network.set_generator(generator(3, "units"))
    losses, classes = outcomes(network, images)
    assert found["loss"] == losses.mean().item()
    bits = np.unpackbits(np.frombuffer(base64.b64decode(found["correct"]), np.uint8))[:90]
    assert bits.astype(bool).tolist() == (classes == images.labels).tolist()
    assert found["accuracy"] == pytest.approx(bits.mean())
    confusion = np.array(found["confusion"])
    assert confusion.sum() == 90
    assert np.trace(confusion) == bits.sum()
    assert (confusion.sum(1) == np.bincount(images.labels, minlength=10)).all()
    # The same again: each evaluation starts from the same state of the generator.
    assert classification_metrics(network, images, 3) == found


def test_flags_are_packed_eight_to_a_byte():
    assert base64.b64decode(packed(np.array([True] + [False] * 8))) == b"\x80\x00"
    assert packed(torch.tensor([False] * 7 + [True]).numpy()) == base64.b64encode(b"\1").decode()
