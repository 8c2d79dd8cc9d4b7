"""DisARM: its expectation, summed over the uniform numbers, is the difference of the losses."""

from types import SimpleNamespace

import pytest
import torch

from binary_activations.estimators.disarm import Estimator

GRID = (torch.arange(2000, dtype=torch.float64) + 0.5) / 2000


@pytest.mark.parametrize("p", [0.05, 0.35, 0.5, 0.9])
def test_the_expectation_is_the_difference_of_the_losses(p):
    """One unit, whose loss is 3 where it fires and -1 where it does not."""
    probability = torch.full((len(GRID), 1, 1, 1), p, dtype=torch.float64)

    def losses_of(h):
        return 4.0 * h.flatten() - 1.0

    means = []
    for state in (0.0, 1.0):
        h = torch.full_like(probability, state)
        layer = SimpleNamespace(
            p=probability,
            h=h,
            losses=losses_of(h),
            losses_of=losses_of,
            uniform=lambda: GRID.view(-1, 1, 1, 1),
        )
        means.append(Estimator().estimate(layer).mean())
    expectation = (1 - p) * means[0] + p * means[1]
    assert expectation.item() == pytest.approx(4.0, rel=2e-3)


def test_samples_that_agree_say_nothing():
    p = torch.full((1, 1, 1, 1), 0.9)
    h = torch.ones_like(p)
    layer = SimpleNamespace(
        p=p,
        h=h,
        losses=torch.tensor([5.0]),
        losses_of=lambda h: torch.tensor([5.0]),
        uniform=lambda: torch.full_like(p, 0.5),
    )
    assert Estimator().estimate(layer).item() == 0.0
