"""Leave-one-out: its expectation, summed over all states of both samples, is the gradient."""

import itertools
from types import SimpleNamespace

import pytest
import torch

from binary_activations.estimators.leave_one_out import Estimator


@pytest.mark.parametrize("p", [0.05, 0.35, 0.5, 0.9])
def test_the_expectation_is_the_difference_of_the_losses(p):
    """One unit, whose loss is 3 where it fires and -1 where it does not; two samples."""
    probability = torch.full((1, 1, 1, 1), p, dtype=torch.float64)

    def losses_of(h):
        return 4.0 * h.flatten() - 1.0

    expectation = 0.0
    for first, second in itertools.product((0.0, 1.0), repeat=2):
        h = torch.full_like(probability, first)
        draw = torch.full_like(probability, p / 2 if second else (1 + p) / 2)
        layer = SimpleNamespace(
            p=probability,
            h=h,
            losses=losses_of(h),
            losses_of=losses_of,
            uniform=lambda draw=draw: draw,
        )
        weight = (p if first else 1 - p) * (p if second else 1 - p)
        expectation += weight * Estimator(2).estimate(layer).item()
    assert expectation == pytest.approx(4.0)


def test_as_many_samples_are_drawn_as_asked():
    p = torch.full((3, 1, 1, 1), 0.5)
    drawn = []

    def losses_of(h):
        drawn.append(h)
        return h.flatten()

    layer = SimpleNamespace(
        p=p,
        h=torch.ones_like(p),
        losses=torch.ones(3),
        losses_of=losses_of,
        uniform=lambda: torch.rand(3, 1, 1, 1),
    )
    Estimator(5).estimate(layer)
    assert len(drawn) == 4
