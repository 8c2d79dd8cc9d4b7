"""Nearest neighbours by layer, against a search one by one."""

import numpy as np
import pytest
import torch

from binary_activations.data.datasets import Characters, LabelledImages, normalised
from binary_activations.data.episodes import sample_episodes
from binary_activations.inspection.representations import (
    COLUMNS,
    nearest_in_classes,
    nearest_in_episodes,
)
from binary_activations.training.fit import new_network

UNITS = {"layers": ["conv2"], "mode": "deterministic"}
ROWS = [["input", False], ["conv1", False], ["conv2", True]]


def drawn(*shape):
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, shape, generator=generator).to(torch.uint8)


def images(start, count):
    pixels = drawn(60, 1, 28, 28)[start : start + count]
    return LabelledImages(pixels, torch.arange(start, start + count) % 4)


def units_generator():
    return torch.Generator().manual_seed(1)


def layers_of(network, inputs):
    with torch.inference_mode():
        return {"input": inputs} | network.eval().layer_activations(inputs)


def nearest(one, others):
    """The place of the nearest of others; of states of 0 and 1 that by Hamming distance."""
    return int(np.argmin([((one - other) ** 2).sum().item() for other in others.double()]))


def test_images_get_the_class_of_the_nearest_reference():
    network = new_network("mnist", UNITS, 0, "cpu")
    references, queries = images(0, 40), images(40, 20)
    table = nearest_in_classes(network, references, queries, units_generator())
    assert list(table) == COLUMNS
    assert table[["layer", "binary"]].values.tolist() == ROWS
    known, asked = (layers_of(network, normalised(part.images)) for part in (references, queries))
    for layer, accuracy in zip(table["layer"], table["accuracy"], strict=True):
        found = [nearest(one, known[layer]) for one in asked[layer].double()]
        right = references.labels[found] == queries.labels
        assert accuracy == pytest.approx(100 * right.double().mean().item())
    # An image among the references finds itself.
    assert (
        nearest_in_classes(network, queries, queries, units_generator())["accuracy"] == 100
    ).all()


def test_queries_get_the_class_of_the_nearest_drawing_of_the_support_set():
    network = new_network("omniglot", UNITS, 0, "cpu")
    characters = Characters(drawn(8, 20, 1, 28, 28), np.array(["one"] * 8))
    episodes = sample_episodes(characters, 60, 3, 2, 1, torch.Generator().manual_seed(2))
    table = nearest_in_episodes(network, characters, episodes, units_generator())
    assert table["layer"].tolist() == ["input", "conv1", "conv2", "conv3", "conv4"]
    assert table["binary"].tolist() == [False, False, True, False, False]
    hits = dict.fromkeys(table["layer"], 0)
    for number in range(60):
        support, queries = (
            layers_of(network, characters.inputs(*drawn))
            for drawn in (
                episodes.support(number, number + 1),
                episodes.query(number, number + 1),
            )
        )
        for layer, activations in queries.items():
            for label, one in enumerate(activations.double()):
                hits[layer] += nearest(one, support[layer]) // 2 == label
    expected = [100 * count / 180 for count in hits.values()]
    assert table["accuracy"].tolist() == pytest.approx(expected, abs=1.2)  # ties of rounded sums


def test_stochastic_units_draw_one_sample_from_the_generator():
    network = new_network("mnist", UNITS | {"mode": "stochastic"}, 0, "cpu")
    parts = images(0, 40), images(40, 20)
    first, again = (nearest_in_classes(network, *parts, units_generator()) for _ in range(2))
    assert first.equals(again)
