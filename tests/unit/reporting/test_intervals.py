"""Intervals, against their formulas with quantiles from tables."""

import math

import numpy as np
import pytest

from binary_activations.reporting.intervals import (
    episodes_interval,
    t_interval,
)


def test_the_interval_of_a_mean_is_students():
    # Quantiles of t at 0.975: 12.706 with one degree of freedom, 4.303 with two.
    assert t_interval([1.0, 3.0]) == pytest.approx(12.7062 * 1.0, rel=1e-4)
    assert t_interval([1.0, 2.0, 3.0]) == pytest.approx(4.30265 / math.sqrt(3), rel=1e-4)
    assert math.isnan(t_interval([1.0]))


def test_episodes_of_each_seed_are_a_sample_of_their_own():
    episodes = np.array([[0.0, 2.0] * 50, [0.0, 4.0] * 50])
    errors = [math.sqrt(100 / 99) / 10, 2 * math.sqrt(100 / 99) / 10]
    expected = 1.96 * math.hypot(*errors) / 2
    assert episodes_interval(episodes) == pytest.approx(expected)
