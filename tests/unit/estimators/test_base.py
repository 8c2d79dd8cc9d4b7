"""What a training does with any estimator, and how it finds the one that it names."""

import pytest
import torch

from binary_activations.estimators.base import GradientEstimator, new_estimator
from samples.estimators import firing_of


def test_an_estimator_passes_no_gradient_by_itself():
    estimator = new_estimator(None, initial_loss=2.0, device="cpu")
    assert type(estimator) is GradientEstimator
    p = torch.tensor([0.5], requires_grad=True)
    assert not estimator.states(firing_of(p, torch.tensor([1.0]))).requires_grad
    assert estimator.gradients(None, torch.zeros(1), None) == []
    assert estimator.state_dict() == {}


def test_an_estimator_is_found_by_name():
    estimator = new_estimator("leave_one_out", samples=3, initial_loss=2.0, device="cpu")
    assert estimator.samples == 3
    with pytest.raises(ModuleNotFoundError, match="magic"):
        new_estimator("magic")
