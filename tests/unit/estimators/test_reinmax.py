"""ReinMax: the published algorithm, exact for a quadratic loss."""

import torch

from binary_activations.estimators import reinmax, straight_through
from samples.estimators import firing_of


def gradient_of(estimator, p, h, loss):
    """Returns the estimate of dL/dp where the loss is a function of the states."""
    p = p.clone().requires_grad_()
    loss(estimator.states(firing_of(p, h))).sum().backward()
    return p.grad


def test_straight_through_is_exact_for_a_linear_loss_and_reinmax_for_a_quadratic_one():
    p = torch.tensor([0.1, 0.35, 0.8], dtype=torch.float64)
    one, zero = torch.ones_like(p), torch.zeros_like(p)

    def linear(h):
        return 3.0 * h + 1.0

    def quadratic(h):
        return 5.0 * h**2 - 2.0 * h

    def expectation(estimator, loss):
        on, off = (gradient_of(estimator, p, h, loss) for h in (one, zero))
        return p * on + (1 - p) * off

    torch.testing.assert_close(expectation(straight_through.Estimator(), linear), one * 3.0)
    torch.testing.assert_close(expectation(reinmax.Estimator(), linear), one * 3.0)
    torch.testing.assert_close(expectation(reinmax.Estimator(), quadratic), one * 3.0)
    assert (expectation(straight_through.Estimator(), quadratic) - 3.0).abs().min() > 0.1


def test_reinmax_is_the_published_algorithm():
    """Algorithm 2 of the paper, as it is written there, for two classes."""
    logits = torch.tensor([[0.3, -0.4], [1.0, 2.0]], dtype=torch.float64, requires_grad=True)
    for state in (0, 1):
        sample = torch.eye(2, dtype=torch.float64)[[state, state]]
        first = logits.softmax(1)
        second = (sample + first) / 2
        second = ((second.log() - logits).detach() + logits).softmax(1)
        relaxed = 2 * second - first / 2
        (expected,) = torch.autograd.grad(relaxed[:, 1].sum(), logits, retain_graph=True)
        p = first[:, 1]
        (found,) = torch.autograd.grad(
            reinmax.Estimator().states(firing_of(p, sample[:, 1])).sum(), logits
        )
        torch.testing.assert_close(found, expected)
