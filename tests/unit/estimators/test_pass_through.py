"""What passes gradients through: the states as they are, the derivative as stated."""

import torch

from binary_activations.estimators.pass_through import PassThrough
from samples.estimators import firing_of


class Thirds(PassThrough):
    """A third of what p would get, by way of p squared."""

    def carrier(self, firing):
        return firing.p**2

    def derivative(self, firing):
        return torch.full_like(firing.p, 1 / 3)


def test_the_gradient_is_the_carriers_times_the_derivative():
    p = torch.tensor([0.2, 0.9], requires_grad=True)
    h = torch.tensor([0.0, 1.0])
    states = Thirds().states(firing_of(p, h))
    assert torch.equal(states, h)
    states.backward(torch.tensor([3.0, 6.0]))
    torch.testing.assert_close(p.grad, torch.tensor([1.0 * 0.4, 2.0 * 1.8]))


def test_a_derivative_that_is_not_stated_is_one():
    p = torch.tensor([0.2, 0.9], requires_grad=True)
    PassThrough().states(firing_of(p, torch.tensor([0.0, 1.0]))).sum().backward()
    assert p.grad.tolist() == [1, 1]
