"""The score is the gradient of the log-probability."""

import pytest
import torch

from binary_activations.estimators.score_function import score
from binary_activations.networks.convolutional import mnist_network
from samples.estimators import estimator_of


def test_the_score_is_the_gradient_of_the_log_probability():
    p = torch.tensor([0.2, 0.7, 0.5, 0.9], requires_grad=True)
    h = torch.tensor([1.0, 0.0, 0.0, 1.0])
    torch.distributions.Bernoulli(p).log_prob(h).sum().backward()
    torch.testing.assert_close(score(p.detach(), h), p.grad)


def test_states_are_those_of_each_layers_last_pass():
    """Of several passes before a step's losses are known, the last one counts."""
    network = mnist_network({"layers": ["conv1", "conv2"], "mode": "stochastic", "margin": 0.01})
    network.set_generator(torch.Generator().manual_seed(0))
    estimator = estimator_of("running_mean")
    network.set_estimator(estimator)
    drawings, labels = torch.randn(4, 1, 28, 28), torch.arange(4)
    for _ in range(3):
        losses = torch.nn.functional.cross_entropy(network(drawings), labels, reduction="none")
    pairs = estimator.gradients(network, losses, None)
    assert [tuple(p.shape[1:]) for p, _ in pairs] == [(32, 7, 7), (16, 14, 14)]
    for p, gradient in pairs:
        assert gradient.shape == p.shape
    with pytest.raises(KeyError, match="conv2"):
        estimator.gradients(network, losses, None)
