"""Straight-through: half the slope inside, exact for a linear loss."""

import pytest
import torch

from binary_activations.estimators.straight_through import Estimator
from binary_activations.networks.activations import BinaryActivation

POINTS = [-3.0, -1.0, -0.5, -0.0, 0.0, 1e-3, 0.25, 0.5, 0.999, 1.0, 4.0]
SLOPES = [1.0, 1.5, 4.0]


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_straight_through_gradient_is_half_the_slope_inside(mode, slope):
    z = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    unit = BinaryActivation(mode)
    unit.estimator = Estimator()
    unit.slope = slope
    unit.generator = torch.Generator().manual_seed(0)
    upstream = torch.arange(1.0, len(POINTS) + 1, dtype=torch.float64)
    unit(z).backward(upstream)
    inside = torch.tensor([abs(slope * point) < 1 for point in POINTS])
    torch.testing.assert_close(z.grad, upstream * (slope / 2) * inside)
