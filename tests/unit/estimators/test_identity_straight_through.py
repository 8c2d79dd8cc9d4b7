"""Identity straight-through: half the slope everywhere."""

import pytest
import torch

from binary_activations.estimators.identity_straight_through import Estimator
from binary_activations.networks.activations import BinaryActivation


@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_the_gradient_is_half_the_slope_everywhere(mode):
    z = torch.tensor([-3.0, -0.5, 0.0, 0.25, 4.0], dtype=torch.float64, requires_grad=True)
    unit = BinaryActivation(mode)
    unit.slope, unit.estimator = 1.5, Estimator()
    unit.generator = torch.Generator().manual_seed(0)
    upstream = torch.arange(1.0, 6.0, dtype=torch.float64)
    unit(z).backward(upstream)
    torch.testing.assert_close(z.grad, upstream * 0.75)
