"""ApproxSign: the gradient of a piecewise parabola."""

import torch

from binary_activations.estimators.approx_sign import Estimator
from samples.estimators import gradient_of_states, surrogate_gradient


def parabola(x):
    """What Liu et al. 2018, arXiv:1808.00278, take for the sign."""
    inside = torch.where(x < 0, 2 * x + x**2, 2 * x - x**2)
    return torch.where(x.abs() < 1, inside, x.sign())


def test_the_gradient_is_that_of_the_parabola():
    z = torch.tensor([-3.0, -0.6, -0.1, 0.2, 0.5, 4.0], dtype=torch.float64)
    found = gradient_of_states(Estimator(), z, slope=1.5)
    torch.testing.assert_close(found, surrogate_gradient(parabola, z, slope=1.5))
    assert found[[0, 1, 5]].count_nonzero() == 1  # -0.6 is within the clip at this slope
