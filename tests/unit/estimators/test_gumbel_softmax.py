"""Gumbel-softmax: the gradient of the relaxed states."""

import pytest
import torch

from binary_activations.estimators.gumbel_softmax import Estimator
from samples.estimators import firing_of


@pytest.mark.parametrize("temperature", [0.3, 1.0])
def test_gumbel_softmax_has_the_gradient_of_the_relaxed_states(temperature):
    p = torch.tensor([0.1, 0.35, 0.5, 0.8], dtype=torch.float64, requires_grad=True)
    uniform = torch.tensor([0.05, 0.9, 0.3, 0.79], dtype=torch.float64)
    noise = (1 - uniform).logit()
    relaxed = ((p.logit() + noise) / temperature).sigmoid()
    h = (uniform < p).to(p.dtype)
    assert torch.equal(h, (relaxed > 0.5).to(p.dtype))
    (expected,) = torch.autograd.grad(relaxed.sum(), p)
    states = Estimator(temperature).states(firing_of(p, h, uniform))
    assert torch.equal(states, h)
    (found,) = torch.autograd.grad(states.sum(), p)
    torch.testing.assert_close(found, expected)
