"""What an estimator is told of a layer's pass."""

import torch

from binary_activations.networks.convolutional import mnist_network


class Seen:
    """An estimator that keeps what it is told."""

    def __init__(self):
        self.firings = []

    def states(self, firing):
        self.firings.append(firing)
        return firing.h


def test_a_firing_is_that_of_its_layer():
    network = mnist_network({"layers": ["conv1", "conv2"], "mode": "deterministic"})
    seen = Seen()
    network.set_estimator(seen)
    network.set_slope(1.5)
    network(torch.randn(2, 1, 28, 28))
    assert [firing.layer for firing in seen.firings] == ["conv1", "conv2"]
    for firing in seen.firings:
        assert firing.slope == 1.5
        torch.testing.assert_close(firing.p, ((1.5 * firing.z + 1) / 2).clamp(0, 1))
        assert (firing.thresholds == 0.5).all()
        assert torch.equal(firing.h, (firing.p > 0.5).float())
