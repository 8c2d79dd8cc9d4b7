"""ReSTE: the gradient of a root between its two ends."""

import pytest
import torch

from binary_activations.estimators.reste import Estimator
from samples.estimators import gradient_of_states, surrogate_gradient


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_the_gradient_is_that_of_a_root(power):
    z = torch.tensor([-0.9, -0.1, 0.2, 0.5], dtype=torch.float64)

    def root(x):
        return x.sign() * x.abs() ** (1 / power)

    found = gradient_of_states(Estimator(power), z, slope=1.5)
    torch.testing.assert_close(found, surrogate_gradient(root, z, slope=1.5))


def test_it_is_the_chords_near_the_threshold_and_zero_far_from_it():
    z = torch.tensor([-1.51, -0.1, 0.0, 0.05, 1.51], dtype=torch.float64)
    found = gradient_of_states(Estimator(2.0), z, slope=1.0)
    chord = 0.5 * 0.1**0.5 / 0.1
    assert found.tolist() == pytest.approx([0, chord, chord, chord, 0])
