"""Binary units: when they fire, and what their margin clips."""

import pytest
import torch

from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.networks.activations import BinaryActivation, hard_sigmoid, keep_off_bounds
from samples.estimators import estimator_of

POINTS = [-3.0, -1.0, -0.5, -0.0, 0.0, 1e-3, 0.25, 0.5, 0.999, 1.0, 4.0]
SLOPES = [1.0, 1.5, 4.0]
MARGIN = 0.05
ALL = pytest.mark.parametrize("estimator", [None, *CATALOGUE])


@pytest.mark.parametrize("slope", SLOPES)
def test_hard_sigmoid_is_the_clipped_line(slope):
    z = torch.tensor(POINTS, dtype=torch.float64)
    expected = [min(1.0, max(0.0, (slope * point + 1) / 2)) for point in POINTS]
    torch.testing.assert_close(hard_sigmoid(z, slope), torch.tensor(expected, dtype=z.dtype))


@ALL
def test_deterministic_units_fire_above_one_half(estimator):
    z = torch.tensor([-2.0, -0.1, 0.0, 0.1, 2.0])
    unit = BinaryActivation("deterministic", margin=MARGIN)
    unit.estimator = estimator_of(estimator)
    assert unit(z[:, None])[:, 0].tolist() == [0, 0, 0, 1, 1]


@ALL
def test_stochastic_units_fire_with_probability_p(estimator):
    z = torch.tensor([-5.0, -0.6, 0.0, 0.4, 5.0]).expand(40_000, 5)
    unit = BinaryActivation("stochastic", margin=MARGIN)
    unit.estimator = estimator_of(estimator)
    unit.generator = torch.Generator().manual_seed(1)
    h = unit(z)
    assert set(h.unique().tolist()) <= {0.0, 1.0}
    p = torch.tensor([MARGIN, 0.2, 0.5, 0.7, 1 - MARGIN])
    error = (p * (1 - p) / len(z)).sqrt()
    assert ((h.mean(0) - p).abs() <= 4.5 * error).all()


def test_margin_clips_values_and_gradient():
    p = torch.tensor([0.0, MARGIN, 0.5, 1.0 - MARGIN, 1.0], requires_grad=True)
    clipped = keep_off_bounds(p, MARGIN)
    clipped.sum().backward()
    torch.testing.assert_close(clipped, torch.tensor([MARGIN, MARGIN, 0.5, 0.95, 0.95]))
    assert p.grad.tolist() == [0, 0, 1, 0, 0]
