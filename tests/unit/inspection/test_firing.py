"""Units that never or always fire, in known networks."""

import pytest
import torch

from binary_activations.inspection.firing import COLUMNS, firing_table
from binary_activations.networks.convolutional import mnist_network, omniglot_network


def biased(network, biases, border=0.0):
    """Makes the first layer's pre-activations those of `biases`, by channel, and adds `border` to
    them in the outermost rows and columns."""
    convolution, normalisation, _ = network.layers["conv1"]
    with torch.no_grad():
        convolution.weight.zero_()
        convolution.bias.copy_(torch.tensor(biases))
        normalisation.running_var.fill_(1 - normalisation.eps)
        # A window of ones less the middle counts the zeros of the padding around a drawing of ones.
        convolution.weight[:, 0] = -border / 25
        convolution.weight[:, 0, 2, 2] = 24 * border / 25
    return network


NETWORK = {"layers": ["conv1"], "mode": "stochastic", "margin": 0.1}
# Of 16 channels 4 never fire, 2 always do, and the others every second time.
BIASES = [-1.0] * 4 + [1.0] * 2 + [0.0] * 10
DRAWINGS = torch.ones(600, 1, 28, 28)


def only_row(network, drawings=DRAWINGS):
    (row,) = firing_table(network, drawings).to_dict("records")
    return row


def test_whole_channels_are_counted_whatever_the_margin():
    row = only_row(biased(mnist_network(NETWORK), BIASES))
    assert (row["layer"], row["units"]) == ("conv1", 16 * 14 * 14)
    assert row["silent"] == row["silent_channels"] == pytest.approx(25)
    assert row["saturated"] == row["saturated_channels"] == pytest.approx(12.5)
    assert row["silent_border"] == row["saturated_border"] == 0
    # With the margin: 0.1, 0.9 and 0.5.
    assert row["mean"] == pytest.approx(0.25 * 10 + 0.125 * 90 + 0.625 * 50)


def test_units_at_the_border_are_told_from_whole_channels():
    """Padding lets more pass at the border, which max-pooling takes up: there p is 1."""
    row = only_row(biased(mnist_network(NETWORK), [1.5 * b for b in BIASES], border=8.0))
    border = 100 * (14 * 14 - 12 * 12) / (14 * 14)
    assert row["silent"] == pytest.approx(0.25 * (100 - border))
    assert row["silent_channels"] == row["silent_border"] == 0
    assert row["saturated_channels"] == pytest.approx(12.5)
    assert row["saturated_border"] == pytest.approx(0.875 * border)
    assert row["saturated"] == pytest.approx(12.5 + 0.875 * border)


def test_a_unit_that_fires_on_one_drawing_is_not_silent():
    network = biased(mnist_network(NETWORK), [-1.5] * 16)
    with torch.no_grad():
        network.layers["conv1"][0].weight[:, 0, 2, 2] = 1.0
    drawings = torch.zeros(600, 1, 28, 28)
    assert only_row(network, drawings)["silent"] == pytest.approx(100)
    drawings[599, 0, 8, 8] = 1.0
    row = only_row(network, drawings)
    assert row["silent"] == pytest.approx(100 * (1 - 1 / 14**2))
    assert row["silent_channels"] == 0


def test_deterministic_units_fire_where_p_exceeds_a_half():
    units = {"layers": ["conv1"], "mode": "deterministic"}
    row = only_row(biased(mnist_network(units), [-0.1] * 4 + [0.1] * 12))
    assert (row["silent"], row["saturated"], row["mean"]) == (25, 75, 75)


def test_a_network_without_binary_layers_has_a_row_for_each():
    network = biased(mnist_network({"layers": []}), BIASES)
    table = firing_table(network, DRAWINGS)
    assert list(table) == COLUMNS
    assert list(table["layer"]) == ["conv1", "conv2"]
    assert table["mean"].isna().all()
    assert table.loc[0, "silent"] == pytest.approx(25)
    assert table.loc[0, "saturated"] == pytest.approx(12.5)


def test_rectified_units_are_clipped_at_0_alone():
    network = omniglot_network({"layers": []})
    convolution, normalisation, _ = network.layers["conv1"]
    with torch.no_grad():
        convolution.weight.zero_()
        convolution.bias.copy_(torch.tensor([-1.0] * 16 + [2.0] * 48))
        normalisation.running_var.fill_(1 - normalisation.eps)
    row = firing_table(network, DRAWINGS).iloc[0]
    assert (row["silent"], row["silent_channels"], row["saturated"]) == (25, 25, 0)
