"""What is told and drawn of a network's layers, from known networks and numbers."""

import math

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.colors import to_rgba

from binary_activations.figures.confusion import confusion_figure
from binary_activations.figures.episodes import episode_figure
from binary_activations.figures.firing import firing_figure
from binary_activations.figures.heatmaps import GAP, OPACITY, heatmap_figure
from binary_activations.figures.layers import (
    activation_maps_figure,
    filters_figure,
    mosaic,
    most_exciting_figure,
)
from binary_activations.figures.style import COLOURS
from binary_activations.inspection.drawings import unseen_drawings
from binary_activations.inspection.layers import (
    LayerSummary,
    firing_rates,
    most_exciting,
    summarise_layers,
)
from binary_activations.networks.convolutional import mnist_network
from binary_activations.reporting.web_pages import web_page

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
    tiles, drawings, _ = maps.axes
    assert len(tiles.images) == len(drawings.images) == 3
    for shown, drawing in zip(tiles.images, drawings.images, strict=True):
        assert shown.get_array().shape == (2 * 8 - 1, 16 * 8 - 1)
        middles = [sum(image.get_extent()[2:]) / 2 for image in (shown, drawing)]
        assert middles[0] == pytest.approx(middles[1])  # each row of tiles beside its drawing
    assert shown.get_extent()[2] == pytest.approx(0, abs=0.01)
    exciting = most_exciting_figure(rng.random((5, 32, 28, 28)), "conv2", SHOWN)
    (axis,) = exciting.axes
    band = 5 * 29 + 14
    assert axis.images[0].get_array().shape == (2 * band, 16 * 29 - 1)
    assert [text.get_text() for text in axis.texts] == [str(number) for number in range(1, 33)]
    assert axis.texts[31].get_position() == (15 * 29 + 14, 2 * band - 7)


def test_drawings_that_excite_filters_stand_over_the_filters_numbers():
    drawings = np.arange(2 * 17, dtype=float).reshape(2, 17, 1, 1) + np.zeros((2, 17, 28, 28))
    (axis,) = most_exciting_figure(drawings, "conv1", SHOWN).axes
    tiles = axis.images[0].get_array()
    assert (tiles[:28, 29 : 29 + 28] == 1).all()  # the strongest of filter 2
    assert (tiles[29 : 29 + 28, :28] == 17).all()  # the second of filter 1
    assert (tiles[72 : 72 + 28, :28] == 16).all()  # of filter 17, in the next band
    assert np.ma.getmaskarray(tiles)[72:100, 29:].all()


def test_an_episode_frames_each_querys_own_class():
    attention = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6]])
    drawings = np.zeros((4, 28, 28))
    figure = episode_figure(drawings.reshape(2, 2, 28, 28), drawings, attention, SHOWN)
    axis = figure.axes[0]
    # Cells are 1 wide and high; the support set's row is row 0, the queries' column is column 0.
    framed = [tuple(round(place + 0.46) for place in patch.get_xy()) for patch in axis.patches]
    assert framed == [(1, 1), (1, 2), (2, 3), (2, 4)]
    colours = [patch.get_edgecolor() for patch in axis.patches]
    assert colours[0] == colours[2] == colours[3] == to_rgba(COLOURS[2])
    wrong = episode_figure(drawings.reshape(2, 2, 28, 28), drawings, 1 - attention, SHOWN)
    assert wrong.axes[0].patches[0].get_edgecolor() == to_rgba(COLOURS[1])
    texts = {text.get_position(): text.get_text() for text in axis.texts}
    assert texts[1, 1] == "90 %"
    assert texts[2, 4] == "60 %"


def test_heatmaps_stand_in_a_row_for_each_drawing():
    inputs = np.zeros((2, 28, 28))
    inputs[1, :, :14] = 1.0
    mean = np.stack([np.zeros((14, 14)), np.ones((14, 14))])
    shown = {"conv1": {"mean": mean}, "conv2": {"mean": mean[:, :1, :1], "sample": mean[:, :7, :7]}}
    figure = heatmap_figure(inputs, shown, SHOWN)
    axis = figure.axes[0]
    assert [text.get_text().replace("\n", " ") for text in axis.texts] == [
        *("input", "conv1", "conv1 over the input"),
        *("conv2 mean of samples", "conv2 over the input", "conv2 one sample"),
    ]
    picture = np.asarray(axis.images[0].get_array())
    assert picture.shape == (2 * 28 + GAP, 6 * 28 + 5 * GAP, 3)
    dark, bright = (np.array(mpl.colormaps["inferno"](value)[:3]) for value in (0.0, 1.0))
    below, step = 28 + GAP, 28 + GAP
    assert (picture[below:, :14] == 1).all() and (picture[below:, 14:28] == 0).all()
    assert picture[0, step] == pytest.approx(dark)
    for column in (1, 3, 5):
        assert picture[below, column * step] == pytest.approx(bright)
    over = picture[below, 2 * step]
    assert over == pytest.approx(OPACITY * bright + (1 - OPACITY))
    assert (picture[28:below] == 1).all()


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
