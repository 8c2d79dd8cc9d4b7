"""What layers do, from known networks."""

import pytest
import torch

from binary_activations.inspection.layers import (
    LayerSummary,
    firing_rates,
    most_exciting,
    summarise_layers,
)
from binary_activations.networks.convolutional import mnist_network


def biased(network, biases):
    """Makes the first layer's p the same everywhere: that of `biases`, by channel."""
    convolution, normalisation, _ = network.layers["conv1"]
    with torch.no_grad():
        convolution.weight.zero_()
        convolution.bias.copy_(torch.tensor(biases))
        normalisation.running_var.fill_(1 - normalisation.eps)
    return network


def test_firing_rates_count_units_that_never_and_always_fire():
    units = {"layers": ["conv1"], "mode": "stochastic"}
    # Of 16 channels 4 never fire, 2 always do, and the others every second time.
    network = biased(mnist_network(units), [-1.0] * 4 + [1.0] * 2 + [0.0] * 10)
    drawings = torch.rand(600, 1, 28, 28)
    summaries = summarise_layers(network, drawings, torch.Generator().manual_seed(0))
    (row,) = firing_rates(network, summaries).to_dict("records")
    assert (row["layer"], row["units"]) == ("conv1", 16 * 14 * 14)
    assert row["dead"] == pytest.approx(25)
    assert row["saturated"] == pytest.approx(12.5)
    assert row["mean"] == pytest.approx(12.5 + 62.5 / 2, abs=0.2)
    assert summaries["conv2"].excitations.shape == (600, 32)


def test_networks_without_binary_layers_have_no_firing_rates():
    network = mnist_network({"layers": []})
    summaries = summarise_layers(network, torch.rand(3, 1, 28, 28), torch.Generator())
    assert list(firing_rates(network, summaries)) == ["layer", "units", "mean", "dead", "saturated"]
    assert firing_rates(network, summaries).empty


def test_the_most_exciting_drawings_come_first_and_never_fill_up():
    drawings = torch.arange(4.0).view(4, 1, 1, 1)
    excitations = torch.tensor([[0.0, 0.3], [0.2, 0.4], [0.0, 0.1], [0.0, 0.2]])
    found = most_exciting(LayerSummary(excitations, torch.zeros(2, 1, 1)), drawings, 3)
    assert found.shape == (3, 2, 1, 1)
    assert found[:, 1, 0, 0].tolist() == [1, 0, 3]
    assert found[0, 0, 0, 0] == 1
    assert found[1:, 0].isnan().all()
