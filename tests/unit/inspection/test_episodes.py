"""One episode, looked at."""

import pytest
import torch

from binary_activations.data.datasets import Characters
from binary_activations.inspection.episodes import one_episode


def test_an_episode_goes_to_the_drawings_own_classes():
    """Each class is one value, which the network hands on."""
    drawings = torch.arange(0, 250, 25, dtype=torch.uint8).repeat_interleave(6)
    drawings = drawings.view(10, 6, 1, 1, 1).expand(-1, -1, 1, 28, 28)
    network = torch.nn.Sequential(torch.nn.AvgPool2d(28), torch.nn.Flatten())
    network.add_module("scale", torch.nn.Linear(1, 1, bias=False))
    network.scale.weight.data.fill_(1000.0)
    characters = Characters(drawings, ["a"] * 10)
    draws = torch.Generator().manual_seed(0)
    support, queries, attention = one_episode(network, characters, 3, 2, draws)
    assert support.shape == (3, 2, 28, 28)
    assert queries.shape == (3, 28, 28)
    assert (support[:, :, 0, 0] == queries[:, :1, 0]).all()
    assert attention == pytest.approx(torch.eye(3).numpy())
