"""Figures of one layer: its filters, its activations, the drawings that excite it."""

import math

import numpy as np
from matplotlib.figure import Figure

from binary_activations.style import bare, data_title, styled

COLUMNS = 16  # of filters
GAP = 1  # pixels between tiles
SMALLEST = 5


def mosaic(tiles, columns):
    """Tiles side by side, `columns` in a row.

    Args:
        tiles: [tiles, height, width].
        columns: how many in a row.

    Returns:
        One picture, [height, width], not a number between and after the tiles; each of their
        values is repeated where they have less than `SMALLEST` rows.
    """
    times = math.ceil(SMALLEST / tiles.shape[1])
    tiles = tiles.repeat(times, 1).repeat(times, 2)
    count, height, width = tiles.shape
    rows = math.ceil(count / columns)
    picture = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), math.nan)
    for number, tile in enumerate(tiles):
        top, left = number // columns * (height + GAP), number % columns * (width + GAP)
        picture[top : top + height, left : left + width] = tile
    return picture


def _title(what, settings):
    return f"{what}\n{data_title(settings)}: {settings['variant']}"


@styled
def filters_figure(weights, layer, settings):
    """The weights of a convolution.

    Args:
        weights: array [filters, inputs, height, width].
        layer: its name.
        settings: the data's `title` and `origin`, and the `variant`'s name.

    Returns:
        A `Figure`: a tile for each filter of a single input channel; else a column for each
        filter, with a row for each of its input channels.
    """
    filters, inputs = weights.shape[:2]
    if inputs == 1:
        columns, labels = min(math.ceil(filters / 2), COLUMNS), {}
        picture = mosaic(weights[:, 0], columns)
    else:
        columns, labels = filters, {"xlabel": "filter", "ylabel": "input channel"}
        picture = mosaic(weights.swapaxes(0, 1).reshape(-1, *weights.shape[2:]), columns)
    height = 7.0 * picture.shape[0] / picture.shape[1]
    figure = Figure(figsize=(7.8, height + 1.1), layout="constrained")
    axis = figure.subplots()
    bare(axis)
    axis.set(**labels)
    largest = np.abs(weights).max()
    image = axis.imshow(picture, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="none")
    figure.colorbar(image, ax=axis, pad=0.02, fraction=0.03).set_label("weight")
    axis.set_title(_title(f"Filters of {layer}", settings))
    return figure


@styled
def activation_maps_figure(inputs, activations, layer, settings):
    """Every channel's activations for some drawings: a row of panels per drawing.

    Args:
        inputs: drawings, array [drawings, 28, 28].
        activations: array [drawings, channels, height, width]; of stochastic units one sample.
        layer: its name.
        settings: the data's `title` and `origin`, and the `variant`'s name.

    Returns:
        A `Figure`: the input, and beside it a tile for each channel, in the order of the filters.
    """
    drawings, channels = activations.shape[:2]
    pictures = [mosaic(maps, min(channels, COLUMNS)) for maps in activations]
    ratio = pictures[0].shape[0] / pictures[0].shape[1]
    row = max(6.2 * ratio, 0.7)
    figure = Figure(figsize=(7.8, drawings * (row + 0.1) + 0.8), layout="constrained")
    axes = figure.subplots(drawings, 2, width_ratios=[1, 8], squeeze=False)
    largest = max(activations.max(), 1e-9)
    for (left, right), drawing, picture in zip(axes, inputs, pictures, strict=True):
        bare(left)
        bare(right)
        left.imshow(drawing, cmap="gray")
        image = right.imshow(picture, cmap="inferno", vmin=0, vmax=largest, interpolation="none")
    figure.colorbar(image, ax=axes, pad=0.02, fraction=0.03).set_label("activation")
    figure.suptitle(_title(f"Activations of {layer}", settings))
    return figure


@styled
def most_exciting_figure(drawings, layer, settings):
    """The drawings that excite each filter most.

    Args:
        drawings: array [count, channels, 28, 28], strongest first; not a number where fewer
            drawings excite a filter at all.
        layer: its name.
        settings: the data's `title` and `origin`, and the `variant`'s name.

    Returns:
        A `Figure`: a column per filter, strongest on top; filters go on in the next band.
    """
    count, channels = drawings.shape[:2]
    columns = min(channels, COLUMNS)
    bands = math.ceil(channels / columns)
    figure = Figure(figsize=(7.8, bands * (count * 0.46 + 0.3) + 0.7), layout="constrained")
    axes = figure.subplots(bands, squeeze=False)[:, 0]
    for band, axis in enumerate(axes):
        bare(axis)
        shown = drawings[:, band * columns : (band + 1) * columns]
        tiles = shown.reshape(-1, *shown.shape[2:])
        axis.imshow(mosaic(tiles, shown.shape[1]), cmap="gray", interpolation="none")
        size = drawings.shape[-1] + GAP
        centres = np.arange(shown.shape[1]) * size + size / 2
        axis.set_xticks(centres, np.arange(shown.shape[1]) + band * columns + 1, fontsize=7)
        axis.tick_params(length=0)
    axes[-1].set_xlabel("filter")
    figure.suptitle(_title(f"Drawings that excite the filters of {layer} most", settings))
    return figure
