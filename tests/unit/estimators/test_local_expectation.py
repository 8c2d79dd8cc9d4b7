"""Local expectations against networks run again for each state of each unit."""

import functools
import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.estimators.local_expectation import (
    Estimator,
    LayerAbove,
    _moment_gradients,
    own_differences_below_head,
)
from binary_activations.estimators.score_function import Layer
from binary_activations.networks.activations import MODES
from binary_activations.networks.convolutional import ConvolutionalNetwork, mnist_network
from binary_activations.networks.shapes import Shape
from brute_force import WithoutMoments, flipped_losses
from estimators import (
    enumerated_batch_errors,
    tiny_batch,
    training_network,
    training_table,
)
from samples.flips import CASES, small_network, states_of


def layer_of(network, name, h, labels, p=None):
    """Returns the `Layer` of these states, with its losses' criterion."""

    def criterion(logits):
        return F.cross_entropy(logits, labels, reduction="none")

    p = torch.full_like(h, 0.5) if p is None else p
    return Layer(network, name, p, h, torch.zeros(len(h)), criterion, labels)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("layers", "name"), CASES)
def test_with_moments_held_fixed_it_is_the_difference_of_two_runs(layers, name, mode, dtype):
    network = small_network(layers, mode, dtype)
    labels = torch.tensor([1, 0, 3])
    _, h = states_of(network, name, torch.randn(3, 1, 12, 12, dtype=dtype))
    layer = layer_of(network, name, h, labels)
    network.generator.manual_seed(7)
    found = Estimator().estimate(layer)
    network.generator.manual_seed(7)  # the layer above draws the same numbers again
    expected = 3 * flipped_losses(layer, torch.arange(h.numel())).view(h.shape)
    assert expected.abs().max() > 0.01
    precision = 1e-5 if dtype == torch.float32 else 1e-12
    torch.testing.assert_close(found, expected, rtol=precision, atol=precision)


@functools.cache
def in_training(layers, batch, draws=24):
    """Biases against brute force (`benchmarks/estimators.py`)."""
    names = ("local_expectation", "straight_through")
    table = training_table(
        *(training_network(list(layers)), list(layers), *tiny_batch(batch)),
        draws=draws,
        corrections=draws,
        measured={CATALOGUE[name].label: (name, {}) for name in names},
    )
    return table.set_index("estimator")


BATCHES = (8, 32, 64)


def test_in_training_its_error_falls_with_the_batch():
    """Brute force: each unit flipped in turn, the whole batch recomputed with its own moments."""
    tables = {batch: in_training(("conv1",), batch) for batch in BATCHES}
    errors = {batch: tables[batch]["bias"]["local expectation"] for batch in BATCHES}
    assert errors[8] > errors[32] > errors[64]
    assert errors[8] < 0.25
    assert errors[32] < 0.1
    assert errors[64] < 0.05
    for batch in BATCHES:
        without = tables[batch]["bias"]["local expectation without moments"]
        assert without > 0.7
        assert without > 10 * tables[batch]["its standard error"]["local expectation"]


def test_score_functions_of_each_samples_loss_are_biased_in_training():
    """The signal of one sample's loss leaves out what its units change in the others' losses."""
    for batch in BATCHES:
        row = in_training(("conv1",), batch).loc["score function of each sample's loss, exact"]
        assert row["bias"] > 0.7
        assert row["bias"] > 5 * row["its standard error"]


@pytest.mark.parametrize("batch", BATCHES)
def test_in_training_it_is_exact_below_the_linear_layer(batch):
    bias = in_training(("conv2",), batch)["bias"]
    assert bias["local expectation"] < 1e-12
    assert bias["straight-through"] > 0.01


def test_with_both_layers_binary_moments_go_through_the_upper_estimate():
    table = in_training(("conv1", "conv2"), 32, draws=150)
    local, without = (
        table.loc[label] for label in ("local expectation", "local expectation without moments")
    )
    assert local["bias"] < 3 * local["its standard error"]
    assert without["bias"] > 1.5 * local["bias"]


def test_the_moments_gradient_through_a_binary_layer_is_exact_in_expectation():
    """Over all states of conv2 at a batch of 2: the derivative of E[L] by the moments."""
    network, (drawings, labels) = training_network(["conv1", "conv2"]), tiny_batch(2)
    network.generator.manual_seed(1)
    with torch.no_grad():
        h = network.layers["conv1"](drawings)
    layer = layer_of(network, "conv1", h, labels)
    above = LayerAbove(layer)
    x = (
        above.centred
        + (mean := network.layers["conv2"][0](h).detach().mean((0, 2, 3)))[:, None, None]
    )
    mean, variance = (part.detach().requires_grad_() for part in (mean, above.variance))
    pooling, unit = above.pooling, above.unit
    scale = pooling.weight.detach() / (variance + pooling.eps).sqrt()
    normalised = (x - mean[:, None, None]) * scale[:, None, None] + pooling.bias[:, None, None]
    p = unit.probabilities(F.max_pool2d(normalised, 2))
    expected, found = 0.0, [0.0, 0.0]
    for states in itertools.product([0.0, 1.0], repeat=p.numel()):
        upper = torch.tensor(states, dtype=p.dtype).view_as(p)
        probability = (p * upper + (1 - p) * (1 - upper)).prod()
        loss = F.cross_entropy(network.head(upper.flatten(1)), labels)
        expected = expected + probability * loss
        layer.estimate_above = own_differences_below_head(network.head, upper, labels).detach()
        for number, gradient in enumerate(_moment_gradients(layer, above)):
            found[number] = found[number] + probability.detach() * gradient.detach()
    for one, other in zip(found, torch.autograd.grad(expected, (mean, variance)), strict=True):
        assert other.abs().max() > 1e-3
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("batch", "local", "without"),
    [(2, 0.457, 1.002), pytest.param(3, 0.543, 0.507, marks=pytest.mark.slow)],
)
def test_at_the_smallest_batches_the_error_is_as_stated(batch, local, without):
    """Exact, over all states of a batch: to first order in the moments is not enough for 2 or 3.

    Batches of 3 have 2 ** 18 states."""
    found = enumerated_batch_errors(batch)
    assert found == pytest.approx([local, without], abs=0.001)


def test_in_training_each_unit_agrees_with_brute_force():
    """Also at the border, where a kernel lies partly outside; and in single precision."""
    for dtype in (torch.float32, torch.float64):
        network = small_network(["conv1"], "stochastic", dtype).train()
        labels = torch.arange(24) % 4
        _, h = states_of(network, "conv1", torch.randn(24, 1, 12, 12, dtype=dtype))
        layer = layer_of(network, "conv1", h, labels)
        expected = 24 * flipped_losses(layer, torch.arange(h.numel())).view(h.shape)

        def error(estimator, layer=layer, expected=expected):
            return ((estimator.estimate(layer) - expected).norm() / expected.norm()).item()

        assert error(Estimator()) < 0.02
        assert error(WithoutMoments()) > 5 * error(Estimator())


def test_the_estimate_is_per_sample_and_carries_no_graph():
    network = mnist_network({"layers": ["conv2"], "mode": "stochastic", "margin": 0.01})
    labels, drawings = torch.arange(8), torch.randn(8, 1, 28, 28)

    def criterion(logits):
        return F.cross_entropy(logits, labels, reduction="none")

    estimator = Estimator()
    network.set_estimator(estimator)
    network.set_generator(torch.Generator().manual_seed(0))
    losses = criterion(network(drawings))
    ((p, gradient),) = estimator.gradients(network, losses, criterion, labels)
    assert p.requires_grad
    assert not gradient.requires_grad
    assert gradient.shape == p.shape == (8, 32, 7, 7)


def test_layers_far_from_the_output_are_refused():
    units = {"layers": ["conv1"], "mode": "stochastic"}
    deep = ConvolutionalNetwork(Shape((1, 1, 1), 3, "hard_sigmoid"), units, nn.Linear(1, 2))
    h, labels = torch.zeros(1, 1, 4, 4), torch.tensor([0])
    with pytest.raises(ValueError, match="conv1: not below the linear layer"):
        Estimator().estimate(layer_of(deep, "conv1", h, labels))
    other = ConvolutionalNetwork(Shape((1, 1), 3, "relu"), units, nn.Linear(4, 2))
    with pytest.raises(ValueError, match="activation ReLU"):
        Estimator().estimate(layer_of(other, "conv1", h, labels))
