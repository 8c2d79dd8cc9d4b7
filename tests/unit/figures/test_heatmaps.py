"""The picture of heatmaps."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from binary_activations.figures.heatmaps import (
    GAP,
    LARGEST,
    OPACITY,
    SMALL_GAP,
    heatmap_figure,
    heatmap_sheet,
)
from binary_activations.figures.style import write_figure

SHOWN = {"title": "MNIST", "origin": "official", "variant": "a"}


def test_heatmaps_stand_in_a_row_for_each_drawing():
    inputs = np.zeros((2, 28, 28))
    inputs[1, :, :14] = 1.0
    mean = np.stack([np.zeros((14, 14)), np.ones((14, 14))])
    shown = {"conv1": {"mean": mean}, "conv2": {"mean": mean[:, :1, :1], "sample": mean[:, :7, :7]}}
    figure = heatmap_figure(inputs, shown, SHOWN)
    axis = figure.axes[0]
    assert [text.get_text().replace("\n", " ") for text in axis.texts] == [
        *("input", "conv1 mean", "conv1 over the input"),
        *("conv2 mean", "conv2 over the input", "conv2 one sample"),
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


def test_channels_are_not_drawn_over_the_input():
    figure = heatmap_figure(np.eye(28)[None], {"conv4": {"channels": np.eye(8)[None]}}, SHOWN)
    labels = [text.get_text() for text in figure.axes[0].texts]
    assert labels == ["input", "conv4\nits channels"]


def test_a_picture_is_the_same_bytes_twice(tmp_path):
    maps = {"conv1": {"mean": np.eye(4)[None], "sample": np.eye(4)[None]}}
    for name in ("one.png", "other.png"):
        write_figure(tmp_path / name, heatmap_figure(np.eye(28)[None], maps, SHOWN))
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_a_sheet_has_a_row_for_each_network_below_the_inputs():
    inputs = np.stack([np.eye(28)] * 3)
    maps = {"first": np.ones((3, 14, 14)), "second": np.zeros((3, 14, 14))}
    axis = heatmap_sheet(inputs, maps, "conv1", "MNIST").axes[0]
    assert [text.get_text() for text in axis.texts] == ["input", "first", "second"]
    picture = np.asarray(axis.images[0].get_array())
    assert picture.shape == (3 * 28 + 2 * SMALL_GAP, 3 * 28 + 2 * SMALL_GAP, 3)
    for row, value in ((1, 1.0), (2, 0.0)):
        shown = picture[row * (28 + SMALL_GAP)][:28]
        assert shown == pytest.approx(np.tile(mpl.colormaps["inferno"](value)[:3], (28, 1)))


def test_the_names_of_a_sheet_are_within_it():
    name = "deterministic, straight-through, learned scale: conv4"
    figure = heatmap_sheet(np.eye(28)[None], {name: np.ones((1, 14, 14))}, "conv1", "MNIST")
    (text,) = (each for each in figure.axes[0].texts if each.get_text() == name)
    assert text.get_window_extent(FigureCanvasAgg(figure).get_renderer()).x0 >= 0


def test_maps_of_different_sizes_share_a_sheet():
    """A sheet whose networks pool in other ways, and a panel of many channels."""
    inputs = np.eye(28)[None]
    maps = {"max": np.eye(3)[None], "stride": np.eye(4)[None], "channels": np.eye(23)[None]}
    axis = heatmap_sheet(inputs, maps, "conv3", "Omniglot").axes[0]
    size = (np.asarray(axis.images[0].get_array()).shape[0] - 3 * SMALL_GAP) // 4
    assert size == LARGEST
    picture = np.asarray(axis.images[0].get_array())
    bright = np.array(mpl.colormaps["inferno"](1.0)[:3])
    for row in (1, 2, 3):
        top = row * (size + SMALL_GAP)
        assert picture[top, 0] == pytest.approx(bright)
        assert picture[top + size - 1, size - 1] == pytest.approx(bright)
        assert picture[top, size - 1] != pytest.approx(bright)
