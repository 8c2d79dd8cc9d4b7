"""The score is the gradient of the log-probability."""

import torch

from binary_activations.estimators.score_function import score


def test_the_score_is_the_gradient_of_the_log_probability():
    p = torch.tensor([0.2, 0.7, 0.5, 0.9], requires_grad=True)
    h = torch.tensor([1.0, 0.0, 0.0, 1.0])
    torch.distributions.Bernoulli(p).log_prob(h).sum().backward()
    torch.testing.assert_close(score(p.detach(), h), p.grad)
