"""No gradient gets below."""

import torch

from binary_activations.estimators.none import Estimator
from binary_activations.networks.activations import BinaryActivation


def test_none_passes_no_gradient():
    unit = BinaryActivation("deterministic")
    unit.estimator = Estimator()
    assert not unit(torch.zeros(3, 2, requires_grad=True)).requires_grad
