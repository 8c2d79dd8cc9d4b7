"""What is told and drawn of a network's layers, from known networks and numbers."""

import math

import numpy as np
import pandas as pd
import pytest
import torch

from binary_activations.confusion import confusion_figure
from binary_activations.drawings import unseen_drawings
from binary_activations.episode_figures import episode_figure
from binary_activations.firing_figures import firing_figure
from binary_activations.layer_figures import (
    activation_maps_figure,
    filters_figure,
    mosaic,
    most_exciting_figure,
)
from binary_activations.layers import (
    LayerSummary,
    firing_rates,
    most_exciting,
    summarise_layers,
)
from binary_activations.networks import mnist_network
from binary_activations.web_pages import web_page

SHOWN = {"title": "MNIST", "origin": "official", "variant": "a"}


def biased(network, biases):
    """A network whose first layer's p is the same everywhere: that of `biases`, by channel."""
    convolution, normalisation, _ = network.layers["conv1"]
    with torch.no_grad():
        convolution.weight.zero_()
        convolution.bias.copy_(torch.tensor(biases))
        normalisation.running_var.fill_(1 - normalisation.eps)
    return network


def test_firing_rates_count_units_that_never_and_always_fire():
    units = {"layers": ["conv1"], "mode": "stochastic", "estimator": "none"}
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


def test_unseen_drawings_are_spread_over_the_test_set(tmp_path):
    images = np.zeros((10, 28, 28), np.uint8) + np.arange(10, dtype=np.uint8)[:, None, None]
    np.savez(tmp_path / "mnist.npz", test_images=images, test_labels=np.zeros(10, np.uint8))
    found = unseen_drawings("mnist", tmp_path / "mnist.npz", 5)[:, 0, 0, 0]
    assert (found * 0.3081 * 255 + 0.1307 * 255).round().tolist() == [0, 2, 4, 6, 8]
    assert len(unseen_drawings("mnist", tmp_path / "mnist.npz", 50)) == 10
    drawings = images[:6].reshape(3, 2, 28, 28)
    np.savez(
        tmp_path / "omniglot.npz", evaluation_drawings=drawings, evaluation_alphabets=list("abc")
    )
    found = unseen_drawings("omniglot", tmp_path / "omniglot.npz", 3)[:, 0, 0, 0]
    assert (255 * found).round().tolist() == [0, 2, 4]


def test_tiles_lie_side_by_side():
    tiles = np.arange(3.0)[:, None, None] + np.zeros((3, 5, 5))
    picture = mosaic(tiles, 2)
    assert picture.shape == (11, 11)
    assert (picture[:5, :5] == 0).all() and (picture[:5, 6:] == 1).all()
    assert (picture[6:, :5] == 2).all() and np.isnan(picture[6:, 6:]).all()
    assert np.isnan(picture[5]).all()
    # A value is a tile of its own size, not a pixel as small as the gap.
    assert mosaic(np.ones((1, 1, 1)), 1).shape == (5, 5)


def test_figures_have_a_tile_for_every_filter():
    rng = np.random.default_rng(0)
    first = filters_figure(rng.normal(size=(16, 1, 5, 5)), "conv1", SHOWN)
    assert first.axes[0].images[0].get_array().shape == (2 * 6 - 1, 8 * 6 - 1)
    second = filters_figure(rng.normal(size=(32, 16, 5, 5)), "conv2", SHOWN)
    assert second.axes[0].images[0].get_array().shape == (16 * 6 - 1, 32 * 6 - 1)
    maps = activation_maps_figure(np.zeros((3, 28, 28)), rng.random((3, 32, 7, 7)), "conv2", SHOWN)
    assert sum(len(axis.images) for axis in maps.axes[:6]) == 6
    exciting = most_exciting_figure(rng.random((5, 32, 28, 28)), "conv2", SHOWN)
    assert [text.get_text() for text in exciting.axes[1].get_xticklabels()][-1] == "32"


def test_an_episode_frames_each_querys_own_class():
    attention = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6]])
    drawings = np.zeros((4, 28, 28))
    figure = episode_figure(drawings.reshape(2, 2, 28, 28), drawings, attention, SHOWN)
    framed = [
        (number // 3 - 1, number % 3 - 1)
        for number, axis in enumerate(figure.axes[:15])
        if len(axis.patches)
    ]
    assert framed == [(0, 0), (1, 0), (2, 1), (3, 1)]
    assert figure.axes[4].texts[0].get_text() == "90 %"


def test_the_firing_figure_has_a_row_for_every_binary_layer():
    columns = ["layer", "units", "mean", "dead", "saturated"]
    rates = {
        "plain": pd.DataFrame(columns=columns),
        "a": pd.DataFrame([["conv1", 9, 20.0, 5.0, 1.0], ["conv2", 9, 2.0, 80.0, 0.0]]),
    }
    rates["a"].columns = columns
    settings = {**SHOWN, "variants": [{"name": "plain"}, {"name": "a"}]}
    left, right = firing_figure(rates, settings).axes
    assert [text.get_text() for text in left.get_yticklabels()] == ["a: conv1", "a: conv2"]
    assert [bar.get_width() for bar in left.patches] == [20, 2]
    assert [bar.get_width() for bar in right.patches] == [5, 80, 1, 0]
    assert firing_figure({"plain": rates["plain"]}, {**SHOWN, "variants": [{"name": "plain"}]})


def test_errors_are_shares_of_a_digits_images_over_all_seeds():
    one, other = np.diag([8] * 10), np.diag([8] * 10)
    one[4, 9] = 2
    one[4, 4] = 6
    metrics = pd.DataFrame({"variant": ["a", "a"], "confusion": [one.tolist(), other.tolist()]})
    figure = confusion_figure(metrics, {**SHOWN, "variants": [{"name": "a"}]})
    shares = figure.axes[0].images[0].get_array()
    assert shares[4, 9] == pytest.approx(100 * 2 / 16)
    assert shares[3, 9] == 0
    assert math.isnan(np.asarray(shares)[4, 4]) or np.ma.getmaskarray(shares)[4, 4]


def test_web_pages_show_tables():
    text = web_page("| a | b |\n|:--|:--|\n| `x` | **1 & 2** |\n", "a < b")
    assert "<title>a &lt; b</title>" in text
    assert "<th" in text and "<code>x</code>" in text and "<strong>1 &amp; 2</strong>" in text
