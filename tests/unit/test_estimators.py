"""Each estimator against its closed form, or against exact enumeration over all states."""

import functools

import pytest
import torch
from binary_activations.estimators.score_functions import RunningMean, score

from binary_activations.estimators.pass_through import (
    gumbel_softmax,
    hard_sigmoid,
    keep_off_bounds,
    reinmax,
    straight_through,
)
from binary_activations.networks.activations import ESTIMATORS, BinaryActivation
from binary_activations.training.devices import set_up_device
from estimators import enumeration_table

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
    for estimator in ESTIMATORS:
        unit = BinaryActivation("deterministic", estimator, margin=MARGIN)
        assert unit(z[:, None])[:, 0].tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_stochastic_units_fire_with_probability_p(estimator):
    z = torch.tensor([-5.0, -0.6, 0.0, 0.4, 5.0]).expand(40_000, 5)
    unit = BinaryActivation("stochastic", estimator, margin=MARGIN)
    unit.generator = torch.Generator().manual_seed(1)
    h = unit(z)
    assert set(h.unique().tolist()) <= {0.0, 1.0}
    p = torch.tensor([MARGIN, 0.2, 0.5, 0.7, 1 - MARGIN])
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


def test_the_score_is_the_gradient_of_the_log_probability():
    p = torch.tensor([0.2, 0.7, 0.5, 0.9], requires_grad=True)
    h = torch.tensor([1.0, 0.0, 0.0, 1.0])
    torch.distributions.Bernoulli(p).log_prob(h).sum().backward()
    torch.testing.assert_close(score(p.detach(), h), p.grad)


def gradient_of(estimator, p, h, loss):
    """The estimate of dL/dp where the loss is a function of the states."""
    p = p.clone().requires_grad_()
    loss(estimator(p, h)).sum().backward()
    return p.grad


def test_straight_through_is_exact_for_a_linear_loss_and_reinmax_for_a_quadratic_one():
    p = torch.tensor([0.1, 0.35, 0.8], dtype=torch.float64)
    one, zero = torch.ones_like(p), torch.zeros_like(p)

    def linear(h):
        return 3.0 * h + 1.0

    def quadratic(h):
        return 5.0 * h**2 - 2.0 * h

    def expectation(estimator, loss):
        on, off = (gradient_of(estimator, p, h, loss) for h in (one, zero))
        return p * on + (1 - p) * off

    torch.testing.assert_close(expectation(straight_through, linear), one * 3.0)
    torch.testing.assert_close(expectation(reinmax, linear), one * 3.0)
    torch.testing.assert_close(expectation(reinmax, quadratic), one * 3.0)
    assert (expectation(straight_through, quadratic) - 3.0).abs().min() > 0.1


def test_reinmax_is_the_published_algorithm():
    """Algorithm 2 of the paper, as it is written there, for two classes."""
    logits = torch.tensor([[0.3, -0.4], [1.0, 2.0]], dtype=torch.float64, requires_grad=True)
    for state in (0, 1):
        sample = torch.eye(2, dtype=torch.float64)[[state, state]]
        first = logits.softmax(1)
        second = (sample + first) / 2
        second = ((second.log() - logits).detach() + logits).softmax(1)
        relaxed = 2 * second - first / 2
        (expected,) = torch.autograd.grad(relaxed[:, 1].sum(), logits, retain_graph=True)
        p = first[:, 1]
        (found,) = torch.autograd.grad(reinmax(p, sample[:, 1]).sum(), logits)
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("temperature", [0.3, 1.0])
def test_gumbel_softmax_has_the_gradient_of_the_relaxed_states(temperature):
    p = torch.tensor([0.1, 0.35, 0.5, 0.8], dtype=torch.float64, requires_grad=True)
    uniform = torch.tensor([0.05, 0.9, 0.3, 0.79], dtype=torch.float64)
    noise = (1 - uniform).logit()
    relaxed = ((p.logit() + noise) / temperature).sigmoid()
    h = (uniform < p).to(p.dtype)
    assert torch.equal(h, (relaxed > 0.5).to(p.dtype))
    (expected,) = torch.autograd.grad(relaxed.sum(), p)
    states = gumbel_softmax(p, h, uniform, temperature)
    assert torch.equal(states, h)
    (found,) = torch.autograd.grad(states.sum(), p)
    torch.testing.assert_close(found, expected)


def test_the_signal_is_centred_and_scaled_by_earlier_steps():
    signal = RunningMean(2.0, 0.9)
    losses = torch.tensor([3.0, 15.0])
    assert signal.signal(losses).tolist() == [1.0, 13.0]
    signal.update(losses)
    mean, deviation = 2.0 * 0.9 + 9.0 * 0.1, (0.1 * (1.0 + 169.0) / 2) ** 0.5
    assert deviation > 1
    torch.testing.assert_close(signal.signal(losses), (losses - mean) / deviation)
    other = RunningMean(0.0, 0.9)
    other.load_state_dict(signal.state_dict())
    assert torch.equal(other.signal(losses), signal.signal(losses))


@functools.cache
def enumerated(layers):
    """Bias and deviation of every estimator, by name (`benchmarks/estimators.py`)."""
    set_up_device("cpu", 1)  # threads that wait for each other cost more than they save
    table = enumeration_table(list(layers), repeats=60, samples=200)
    return table.set_index("estimator")


LAYERS = pytest.mark.parametrize("layers", [("conv1",), ("conv2",), ("conv1", "conv2")])


@LAYERS
def test_score_functions_are_unbiased(layers):
    table = enumerated(layers)
    score_functions = table[table.index.str.contains("REINFORCE|DisARM")]
    assert len(score_functions) == 7
    # Parameters' errors go together, so the norm of the means may be some standard errors long.
    assert (score_functions["bias"] < 4 * score_functions["its standard error"]).all()
    assert (score_functions["its standard error"] > 0).all()
    # Precise enough for an estimate of 0, whose bias is 1, to fail.
    precise = score_functions.drop(index="REINFORCE, no baseline")
    assert (precise["its standard error"] < 0.2).all()


@LAYERS
def test_biased_estimators_are_seen_to_be(layers):
    table = enumerated(layers)
    for name in ("straight-through", "Gumbel-softmax, temperature 1"):
        assert table["bias"][name] > 5 * table["its standard error"][name], name
    assert table["bias"]["none"] == 1.0


@LAYERS
def test_what_lowers_the_variance_does(layers):
    deviation = enumerated(layers)["deviation"]
    two, four, sixteen = (
        deviation[f"REINFORCE, {number} samples, leave-one-out"] for number in (2, 4, 16)
    )
    assert sixteen < four < two < deviation["REINFORCE, no baseline"]
    # Antithetic samples do not do worse than two independent ones.
    assert deviation["DisARM"] < 1.05 * two
    assert deviation["REINFORCE, local expectation"] < sixteen
