"""Leaky straight-through: the clip's derivative, and a part of it beyond."""

import pytest
import torch

from binary_activations.estimators.leaky_straight_through import Estimator
from samples.estimators import gradient_of_states


@pytest.mark.parametrize("leak", [0.0, 0.1, 1.0])
def test_the_gradient_leaks_outside_the_clip(leak):
    z = torch.tensor([-2.0, -0.5, 0.0, 0.6, 0.7, 5.0], dtype=torch.float64)
    found = gradient_of_states(Estimator(leak), z, slope=1.5)
    outside = 0.75 * leak
    assert found.tolist() == pytest.approx([outside, 0.75, 0.75, 0.75, outside, outside])
