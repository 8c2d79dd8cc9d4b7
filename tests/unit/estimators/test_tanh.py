"""The derivative of tanh."""

import torch

from binary_activations.estimators.tanh import Estimator
from samples.estimators import gradient_of_states, surrogate_gradient


def test_the_gradient_is_that_of_tanh():
    z = torch.tensor([-3.0, -0.6, 0.0, 0.2, 4.0], dtype=torch.float64)
    found = gradient_of_states(Estimator(), z, slope=1.5)
    torch.testing.assert_close(found, surrogate_gradient(torch.tanh, z, slope=1.5))
    assert (found > 0).all()
