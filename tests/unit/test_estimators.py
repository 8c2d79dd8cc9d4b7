"""Each estimator against its closed form, or against exact enumeration over all states."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.activations import BinaryActivation, HardSigmoid
from binary_activations.estimators import (
    LearningSignal,
    hard_sigmoid,
    keep_off_bounds,
    log_probability,
    score_function_loss,
)
from binary_activations.networks import ConvolutionalNetwork

POINTS = [-3.0, -1.0, -0.5, -0.0, 0.0, 1e-3, 0.25, 0.5, 0.999, 1.0, 4.0]
SLOPES = [1.0, 1.5, 4.0]
MARGIN = 0.05


@pytest.mark.parametrize("slope", SLOPES)
def test_hard_sigmoid_is_the_clipped_line(slope):
    z = torch.tensor(POINTS, dtype=torch.float64)
    expected = [min(1.0, max(0.0, (slope * point + 1) / 2)) for point in POINTS]
    torch.testing.assert_close(hard_sigmoid(z, slope), torch.tensor(expected, dtype=z.dtype))


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_straight_through_gradient_is_half_the_slope_inside(mode, slope):
    z = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    unit = BinaryActivation(mode, "straight_through")
    unit.slope = slope
    unit.generator = torch.Generator().manual_seed(0)
    upstream = torch.arange(1.0, len(POINTS) + 1, dtype=torch.float64)
    unit(z).backward(upstream)
    inside = torch.tensor([abs(slope * point) < 1 for point in POINTS])
    torch.testing.assert_close(z.grad, upstream * (slope / 2) * inside)


def test_deterministic_units_fire_above_one_half():
    z = torch.tensor([-2.0, -0.1, 0.0, 0.1, 2.0])
    for estimator in ("straight_through", "reinforce", "none"):
        unit = BinaryActivation("deterministic", estimator, margin=MARGIN)
        assert unit(z[:, None])[:, 0].tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("estimator", ["straight_through", "reinforce", "none"])
def test_stochastic_units_fire_with_probability_p(estimator):
    z = torch.tensor([-5.0, -0.6, 0.0, 0.4, 5.0]).expand(40_000, 5)
    unit = BinaryActivation("stochastic", estimator, margin=MARGIN)
    unit.generator = torch.Generator().manual_seed(1)
    h = unit(z)
    assert set(h.unique().tolist()) <= {0.0, 1.0}
    low, high = (MARGIN, 1 - MARGIN) if estimator == "reinforce" else (0.0, 1.0)
    p = torch.tensor([low, 0.2, 0.5, 0.7, high])
    error = (p * (1 - p) / len(z)).sqrt()
    assert ((h.mean(0) - p).abs() <= 4.5 * error).all()


def test_none_passes_no_gradient():
    z = torch.zeros(3, 2, requires_grad=True)
    assert not BinaryActivation("deterministic", "none")(z).requires_grad


def test_margin_clips_values_and_gradient():
    p = torch.tensor([0.0, MARGIN, 0.5, 1.0 - MARGIN, 1.0], requires_grad=True)
    clipped = keep_off_bounds(p, MARGIN)
    clipped.sum().backward()
    torch.testing.assert_close(clipped, torch.tensor([MARGIN, MARGIN, 0.5, 0.95, 0.95]))
    assert p.grad.tolist() == [0, 0, 1, 0, 0]


def test_log_probability_sums_over_the_units_of_a_sample():
    p = torch.tensor([[[0.2, 0.7]], [[0.5, 0.9]]])
    h = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    expected = torch.tensor([0.2 * 0.3, 0.5 * 0.9]).log()
    torch.testing.assert_close(log_probability(p, h), expected)


def test_the_signal_is_centred_and_scaled_by_earlier_steps():
    signal = LearningSignal(2.0, 0.9)
    losses = torch.tensor([3.0, 15.0])
    assert signal(losses).tolist() == [1.0, 13.0]
    signal.update(losses)
    mean, deviation = 2.0 * 0.9 + 9.0 * 0.1, (0.1 * (1.0 + 169.0) / 2) ** 0.5
    assert deviation > 1
    torch.testing.assert_close(signal(losses), (losses - mean) / deviation)
    other = LearningSignal(0.0, 0.9)
    other.load_state_dict(signal.state_dict())
    assert torch.equal(other(losses), signal(losses))


def tiny_network(layers):
    """4 x 4 drawings; layers of 4 and 2 units: few enough to enumerate all states."""
    torch.manual_seed(5)
    variant = {"layers": layers, "mode": "stochastic", "estimator": "reinforce", "margin": MARGIN}
    network = ConvolutionalNetwork((1, 1, 2), 3, HardSigmoid, variant, nn.Linear(2, 3))
    network = network.double().eval()  # batch norm fixed: samples are independent
    network.set_slope(1.3)
    network.set_generator(torch.Generator().manual_seed(2))
    return network


def expected_loss(network, drawing, label):
    """E[L] by enumeration, from the definition alone; differentiable in every parameter."""

    def expectation(value, names):
        if not names:
            return F.cross_entropy(network.head(value.flatten(1)), label)
        layer, rest = network.layers[names[0]], names[1:]
        z = layer[:2](value)
        p = ((1.3 * z + 1) / 2).clamp(0, 1)
        if not isinstance(layer[-1], BinaryActivation):
            return expectation(p, rest)
        p = p.clamp(MARGIN, 1 - MARGIN)
        total = 0
        for states in itertools.product([0.0, 1.0], repeat=p.numel()):
            h = torch.tensor(states, dtype=p.dtype).reshape(p.shape)
            total = total + (p * h + (1 - p) * (1 - h)).prod() * expectation(h, rest)
        return total

    return expectation(drawing, network.layer_names)


@pytest.mark.parametrize("layers", [["conv1"], ["conv2"], ["conv1", "conv2"]])
@pytest.mark.parametrize("baseline", [0.0, 1.1])
def test_reinforce_is_unbiased(layers, baseline):
    network = tiny_network(layers)
    drawing = torch.randn(1, 1, 4, 4, dtype=torch.float64)
    label = torch.tensor([1])
    parameters = list(network.parameters())
    exact = torch.autograd.grad(expected_loss(network, drawing, label), parameters)
    exact = torch.cat([gradient.flatten() for gradient in exact])

    estimates = []
    for _ in range(60):
        losses = F.cross_entropy(
            network(drawing.expand(2000, 1, 4, 4)), label.expand(2000), reduction="none"
        )
        surrogate = score_function_loss(losses - baseline, network.log_probability())
        gradients = torch.autograd.grad(losses.mean() + surrogate, parameters)
        estimates.append(torch.cat([gradient.flatten() for gradient in gradients]))
    estimates = torch.stack(estimates)
    error = estimates.std(0) / len(estimates) ** 0.5
    assert (error > 1e-6).sum() > 10  # the estimate is random, and reaches below the layers
    assert ((estimates.mean(0) - exact).abs() <= 4.5 * error + 1e-12).all()


def test_the_mean_loss_as_baseline_lowers_the_variance():
    network = tiny_network(["conv2"])
    drawing = torch.randn(1, 1, 4, 4, dtype=torch.float64).expand(500, 1, 4, 4)
    weight = network.layers["conv1"][0].weight
    labels = torch.ones(500).long()
    pilot = F.cross_entropy(network(drawing), labels)
    norms = []
    for baseline in (0.0, pilot.item()):
        gradients = []
        for _ in range(50):
            losses = F.cross_entropy(network(drawing), labels, reduction="none")
            loss = score_function_loss(losses - baseline, network.log_probability())
            gradients.append(torch.autograd.grad(loss, weight)[0])
        norms.append(torch.stack(gradients).std(0).norm())
    assert norms[1] < 0.6 * norms[0]
