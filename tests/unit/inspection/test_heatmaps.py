"""Heatmaps of layers."""

import torch

from binary_activations.inspection.heatmaps import channel_square, heatmap, layer_heatmaps
from binary_activations.networks.convolutional import mnist_network, omniglot_network


def test_heatmaps_are_means_cut_and_scaled():
    activations = torch.tensor([[[[1.0, -4.0]], [[3.0, 0.0]]], [[[0.0, 0.0]], [[-1.0, 0.0]]]])
    assert heatmap(activations).tolist() == [[[1.0, 0.0]], [[0.0, 0.0]]]


def test_channels_fill_a_square_row_by_row():
    activations = torch.tensor([[4.0, 2.0, -1.0, 1.0, 0.0]]).reshape(1, 5, 1, 1)
    square = [[1.0, 0.5, 0.0], [0.25, 0.0, 0.0], [0.0, 0.0, 0.0]]
    assert channel_square(activations).tolist() == [square]
    assert channel_square(activations[:, :4]).shape == (1, 2, 2)


def test_a_layer_without_places_shows_its_channels():
    network = omniglot_network({"layers": ["conv4"], "mode": "deterministic"})
    shown = layer_heatmaps(network, torch.rand(2, 1, 28, 28), 1, torch.Generator())
    assert list(shown["conv3"]) == ["mean"]
    assert list(shown["conv4"]) == ["channels"]
    assert shown["conv4"]["channels"].shape == (2, 8, 8)


def test_signed_units_show_where_they_fire():
    units = {"layers": ["conv1", "conv2"], "mode": "deterministic"}
    drawings = torch.rand(2, 1, 28, 28)
    maps = []
    for states in (None, "signed"):
        torch.manual_seed(0)
        network = mnist_network(units | {"states": states})
        maps.append(layer_heatmaps(network, drawings, 1, torch.Generator()))
        fires = network.layers["conv1"](drawings) > 0
        torch.testing.assert_close(maps[-1]["conv1"]["mean"], heatmap(fires.float()))
    assert torch.equal(maps[0]["conv1"]["mean"], maps[1]["conv1"]["mean"])


def test_random_layers_show_their_mean_and_a_sample():
    network = mnist_network({"layers": ["conv2"], "mode": "stochastic"})
    drawings = torch.rand(2, 1, 28, 28)
    shown = [
        layer_heatmaps(network, drawings, 16, torch.Generator().manual_seed(seed))
        for seed in (0, 0, 1)
    ]
    assert {layer: set(maps) for layer, maps in shown[0].items()} == {
        "conv1": {"mean"},
        "conv2": {"mean", "sample"},
    }
    assert shown[0]["conv2"]["mean"].shape == (2, 7, 7)
    assert torch.equal(shown[0]["conv2"]["mean"], shown[1]["conv2"]["mean"])
    assert not torch.equal(shown[0]["conv2"]["sample"], shown[2]["conv2"]["sample"])
