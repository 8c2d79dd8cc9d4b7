"""Pictures of filters and activations, from known numbers."""

import numpy as np
import pytest

from binary_activations.figures.layers import (
    activation_maps_figure,
    filters_figure,
    mosaic,
    most_exciting_figure,
)

SHOWN = {"title": "MNIST", "origin": "official", "variant": "a"}


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
    exciting = most_exciting_figure(rng.random((5, 32, 28, 28)), "Drawings", SHOWN)
    (axis,) = exciting.axes
    band = 5 * 29 + 14
    assert axis.images[0].get_array().shape == (2 * band, 16 * 29 - 1)
    assert [text.get_text() for text in axis.texts] == [str(number) for number in range(1, 33)]
    assert axis.texts[31].get_position() == (15 * 29 + 14, 2 * band - 7)


def test_drawings_that_excite_filters_stand_over_the_filters_numbers():
    drawings = np.arange(2 * 17, dtype=float).reshape(2, 17, 1, 1) + np.zeros((2, 17, 28, 28))
    (axis,) = most_exciting_figure(drawings, "Drawings", SHOWN).axes
    tiles = axis.images[0].get_array()
    assert (tiles[:28, 29 : 29 + 28] == 1).all()  # the strongest of filter 2
    assert (tiles[29 : 29 + 28, :28] == 17).all()  # the second of filter 1
    assert (tiles[72 : 72 + 28, :28] == 16).all()  # of filter 17, in the next band
    assert np.ma.getmaskarray(tiles)[72:100, 29:].all()
