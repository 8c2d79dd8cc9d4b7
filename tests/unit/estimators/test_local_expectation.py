"""Local expectations against the network above the layer, run once for each state of each unit."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.estimators.local_expectation import Estimator, loss_differences
from binary_activations.networks.activations import MODES, HardSigmoid, ReLU
from binary_activations.networks.convolutional import ConvolutionalNetwork, mnist_network

MARGIN = 0.05
CASES = [(["conv1"], "conv1"), (["conv2"], "conv2"), (["conv1", "conv2"], "conv1")]


def small_network(layers, mode, dtype, kernel_size=5):
    """12 x 12 drawings, batch norm of weights of both signs; in evaluation mode."""
    torch.manual_seed(3)
    units = {"layers": layers, "mode": mode, "margin": MARGIN}
    network = ConvolutionalNetwork(
        (1, 3, 5), kernel_size, HardSigmoid, units, nn.Linear(5 * 3 * 3, 4)
    )
    for _, pooling, _ in network.layers.values():
        nn.init.uniform_(pooling.weight, -1.0, 1.0)
        nn.init.uniform_(pooling.bias, -0.5, 0.5)
    network = network.to(dtype).eval()
    network.set_slope(1.3)
    network.set_generator(torch.Generator().manual_seed(0))
    return network


def states_of(network, name, drawings):
    """p and h of a layer, drawn in one pass."""
    with torch.no_grad():
        for layer in list(network.layers)[: list(network.layers).index(name)]:
            drawings = network.layers[layer](drawings)
        *below, unit = network.layers[name]
        for part in below:
            drawings = part(drawings)
        return unit.probabilities(drawings), unit(drawings)


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])  # compiled, and by PyTorch
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("layers", "name"), CASES)
def test_differences_are_those_of_the_network_run_twice(layers, name, mode, dtype, kernel_size):
    network = small_network(layers, mode, dtype, kernel_size)
    labels = torch.tensor([1, 0, 3])
    p, h = states_of(network, name, torch.randn(3, 1, 12, 12, dtype=dtype))

    def losses(h):
        network.generator.manual_seed(7)  # the layer above draws the same numbers again
        with torch.no_grad():
            return F.cross_entropy(network.above(name, h), labels, reduction="none")

    network.generator.manual_seed(7)
    found = loss_differences(network, name, p, h, labels)
    expected = torch.empty_like(h)
    for unit in range(h[0].numel()):
        on, off = h.flatten(1).clone(), h.flatten(1).clone()
        on[:, unit], off[:, unit] = 1.0, 0.0
        difference = losses(on.view_as(h)) - losses(off.view_as(h))
        expected.flatten(1)[:, unit] = difference
    active = (p > MARGIN) & (p < 1 - MARGIN)
    assert expected[active].abs().max() > 0.01
    precision = 1e-5 if dtype == torch.float32 else 1e-12
    torch.testing.assert_close(found[active], expected[active], rtol=precision, atol=precision)


def test_the_moments_of_the_batch_are_taken_as_they_are_in_training():
    network = small_network(["conv1"], "deterministic", torch.float32).train()
    drawings, labels = torch.randn(4, 1, 12, 12), torch.tensor([1, 0, 3, 2])
    p, h = states_of(network, "conv1", drawings)
    found = loss_differences(network, "conv1", p, h, labels)
    pooling = network.layers["conv2"][1]
    x = network.layers["conv2"][0](h)
    pooling.running_mean.copy_(x.mean((0, 2, 3)))
    pooling.running_var.copy_(x.var((0, 2, 3), correction=0))
    network.eval()
    expected = loss_differences(network, "conv1", p, h, labels)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


def test_an_estimate_from_a_part_of_the_batch_is_scaled_up():
    network = mnist_network({"layers": ["conv2"], "mode": "stochastic", "margin": 0.01})
    labels = torch.arange(8)
    drawings = torch.randn(8, 1, 28, 28)

    def criterion(logits):
        return F.cross_entropy(logits, labels, reduction="none")

    def gradient(images):
        estimator = Estimator(images)
        network.set_estimator(estimator)
        network.set_generator(torch.Generator().manual_seed(0))
        losses = criterion(network(drawings))
        ((p, estimate),) = estimator.gradients(network, losses, criterion, labels)
        assert p.requires_grad
        return estimate

    whole, part = gradient(100), gradient(2)
    torch.testing.assert_close(part[:2], 4 * whole[:2])
    assert (part[2:] == 0).all()


def test_layers_far_from_the_output_are_refused():
    units = {"layers": ["conv1"], "mode": "stochastic"}
    deep = ConvolutionalNetwork((1, 1, 1, 1), 3, HardSigmoid, units, nn.Linear(1, 2))
    h = torch.zeros(1, 1, 4, 4)
    with pytest.raises(ValueError, match="conv1: not below the linear layer"):
        loss_differences(deep, "conv1", h, h, torch.tensor([0]))
    other = ConvolutionalNetwork((1, 1, 1), 3, ReLU, units, nn.Linear(4, 2))
    with pytest.raises(ValueError, match="activation ReLU"):
        loss_differences(other, "conv1", h, h, torch.tensor([0]))
