"""Schedules of the learning rate."""

import pytest

from binary_activations.training.learning_rates import rate_factor


@pytest.mark.parametrize(
    ("schedule", "warm_up", "expected"),
    [
        ("constant", 0, [1, 1, 1, 1]),
        ("constant", 2, [1 / 3, 2 / 3, 1, 1]),
        ("cosine", 0, [1, 0.853553, 0.5, 0.146447]),
        ("cosine", 1, [0.5, 1, 0.75, 0.25]),
    ],
)
def test_factors(schedule, warm_up, expected):
    training = {"epochs": 4, "learning_rate_schedule": schedule, "warm_up_epochs": warm_up}
    assert [rate_factor(training, epoch) for epoch in range(4)] == pytest.approx(expected, rel=1e-5)
