"""Metrics of trained networks."""

import base64

import numpy as np
import pytest
import torch

from binary_activations.data.episodes import sample_episodes
from binary_activations.networks.evaluations import EVALUATIONS, SAMPLES
from binary_activations.training.evaluation import classification_metrics, few_shot_metrics, packed
from binary_activations.training.few_shot import evaluate_episodes
from binary_activations.training.fit import new_network
from binary_activations.training.generators import generator
from binary_activations.training.outcomes import outcomes
from samples.trainings import digits, few_shot, units_of


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


def test_stochastic_networks_are_evaluated_in_other_ways_too():
    network = new_network("mnist", units_of("none"), 3, "cpu")
    images = digits(90)
    found = classification_metrics(network, images, 3)["evaluations"]
    assert set(found) == set(EVALUATIONS)
    network.set_generator(generator(3, "units"))
    losses, _ = outcomes(network, images, SAMPLES)
    assert found["mean_of_samples"]["loss"] == losses.mean().item()
    assert len({entry["loss"] for entry in found.values()}) == len(EVALUATIONS)
    plain = new_network("mnist", units_of(None), 3, "cpu")
    assert classification_metrics(plain, images, 3)["evaluations"] == {}
    deterministic = new_network("mnist", units_of("none", mode="deterministic"), 3, "cpu")
    assert classification_metrics(deterministic, images, 3)["evaluations"] == {}


def test_few_shot_metrics_are_those_of_every_episode():
    training = few_shot(units_of("none", layers=["conv2"]))
    characters, seed = training.characters, 3
    episodes = sample_episodes(characters, 6, 3, 1, 2, generator(seed, "test"))
    found = few_shot_metrics(training.network, characters, episodes, "3-way 1-shot", seed)
    training.network.set_generator(generator(seed, "units"))
    losses, accuracies = evaluate_episodes(training.network, characters, episodes)
    assert found["task"] == "3-way 1-shot"
    assert found["loss"] == losses.mean().item()
    assert found["accuracies"] == accuracies.tolist()
    assert set(found["evaluations"]) == set(EVALUATIONS)


def test_flags_are_packed_eight_to_a_byte():
    assert base64.b64decode(packed(np.array([True] + [False] * 8))) == b"\x80\x00"
    assert packed(torch.tensor([False] * 7 + [True]).numpy()) == base64.b64encode(b"\1").decode()
