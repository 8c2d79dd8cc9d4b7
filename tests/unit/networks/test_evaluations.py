"""What binary units do in other evaluations."""

import pytest
import torch

from binary_activations.networks.convolutional import mnist_network
from binary_activations.networks.evaluations import EVALUATIONS, evaluated_as

DRAWINGS = 8 * torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def network():
    units = {"layers": ["conv1", "conv2"], "mode": "stochastic", "margin": 0.2}
    network = mnist_network(units).eval()
    network.set_generator(torch.Generator())
    return network


@torch.no_grad()
def first_layer(network):
    network.generator.manual_seed(1)
    return network.layer_activations(DRAWINGS)["conv1"]


@torch.no_grad()
def pre_activations(network):
    convolution, pooling, _ = network.layers["conv1"]
    return pooling(convolution(DRAWINGS))


def test_each_is_what_it_says(network):
    z = pre_activations(network)
    p = ((z + 1) / 2).clamp(0, 1)
    with evaluated_as(network, "mean_field"):
        torch.testing.assert_close(first_layer(network), p.clamp(0.2, 0.8))
    with evaluated_as(network, "thresholded"):
        assert (first_layer(network) == (p > 0.5)).double().mean() > 0.999
    with evaluated_as(network, "no_margin"):
        h = first_layer(network)
        assert (h[p <= 0] == 0).all()
        assert (h[p >= 1] == 1).all()
        assert 0 < h[(p > 0) & (p < 1)].mean() < 1
    with evaluated_as(network, "mean_of_samples"):
        assert (first_layer(network)[p <= 0].mean() - 0.2).abs() < 0.1


def test_afterwards_the_network_is_as_it_was(network):
    before = first_layer(network)
    for name in EVALUATIONS:
        with pytest.raises(RuntimeError), evaluated_as(network, name):
            raise RuntimeError
        assert torch.equal(first_layer(network), before)
    assert [unit.margin for unit in network.binary_layers.values()] == [0.2, 0.2]
