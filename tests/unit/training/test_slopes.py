"""Slope annealing."""

import pytest

from binary_activations.study.variants import SLOPE_KEYS, variants
from binary_activations.training.slopes import slope_at
from samples.configurations import SCHEMA, load


@pytest.mark.parametrize(
    ("slope", "expected"),
    [
        ({"schedule": "constant"}, [1, 1, 1]),
        ({"schedule": "geometric", "rate": 1.005, "maximum": 5}, [1, 1.005, 1.005**2]),
        ({"schedule": "geometric", "rate": 3, "maximum": 5}, [1, 3, 5]),
        ({"schedule": "geometric", "rate": 1000, "maximum": 5}, [1, 5, 5]),
        ({"schedule": "linear", "step": 0.04, "maximum": 5}, [1, 1.04, 1.08]),
        ({"schedule": "linear", "step": 3, "maximum": 5}, [1, 4, 5]),
    ],
)
def test_slope_schedules(slope, expected):
    assert [slope_at(slope, epoch) for epoch in range(3)] == pytest.approx(expected)


def test_a_geometric_slope_does_not_overflow():
    assert slope_at({"schedule": "geometric", "rate": 1000, "maximum": 7}, 10**6) == 7


def test_an_unknown_slope_schedule_is_named():
    with pytest.raises(ValueError, match="cosine"):
        slope_at({"schedule": "cosine"}, 0)


def test_every_schedule_of_the_schema_has_keys_a_slope_and_a_name_of_its_own():
    allowed = SCHEMA["$defs"]["slope"]["properties"]["schedule"]["enum"]
    assert sorted(SLOPE_KEYS) == sorted(allowed)
    config = load()
    for number, schedule in enumerate(allowed):
        values = dict.fromkeys(SLOPE_KEYS[schedule], 2) | {"schedule": schedule}
        assert slope_at(values, 0) >= 1
        config["mnist"]["variants"][f"x{number}"] = {"layers": [], "slope": values}
    rows = variants(config, "mnist")
    names = {rows[f"x{number}"].slope_schedule for number in range(len(allowed))}
    assert len(names) == len(allowed)
