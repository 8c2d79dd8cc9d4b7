"""Figures of one layer: its filters, its activations, the drawings that excite it."""

import math

import numpy as np

from binary_activations.figures.style import COLOUR_BAR, colour_bar, panel, picture, styled
from binary_activations.reporting.labels import capitalised

COLUMNS = 16  # of filters
GAP = 1  # pixels between tiles
SMALLEST = 5
WIDTH = 6.8  # inches
INPUT = 0.75  # inches
BETWEEN = 0.2  # inches from one drawing's activations to the next one's


def mosaic(tiles, columns, gap=GAP, between=math.nan):
    """Places tiles side by side, `columns` in a row.

    Args:
        tiles: [tiles, height, width], or [tiles, height, width, 3] of colours.
        columns: how many in a row.
        gap: pixels between them.
        between: value of those pixels, and of what is left of the last row.

    Returns:
        One picture, [height, width] or [height, width, 3]; each value of the tiles is repeated
        where they have less than `SMALLEST` rows.
    """
    times = math.ceil(SMALLEST / tiles.shape[1])
    tiles = tiles.repeat(times, 1).repeat(times, 2)
    count, height, width, *colours = tiles.shape
    rows = math.ceil(count / columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, *colours)
    picture = np.full(shape, between)
    for number, tile in enumerate(tiles):
        top, left = number // columns * (height + gap), number % columns * (width + gap)
        picture[top : top + height, left : left + width] = tile
    return picture


def _title(what, settings):
    return f"{what}\n{capitalised(settings['title'])}: {settings['variant']}"


@styled
def filters_figure(weights, layer, settings):
    """Draws the weights of a convolution.

    Args:
        weights: array [filters, inputs, height, width].
        layer: its name.
        settings: the data's `title`, and the `variant`'s name.

    Returns:
        A `Figure`: a tile for each filter of a single input channel; else a column for each
        filter, with a row for each of its input channels.
    """
    filters, inputs = weights.shape[:2]
    if inputs == 1:
        labels = {}
        tiles = mosaic(weights[:, 0], min(math.ceil(filters / 2), COLUMNS))
    else:
        labels = {"xlabel": "filter", "ylabel": "input channel"}
        tiles = mosaic(weights.swapaxes(0, 1).reshape(-1, *weights.shape[2:]), filters)
    height = WIDTH * tiles.shape[0] / tiles.shape[1]
    title = _title(f"Filters of {layer}", settings)
    figure, axis = picture(WIDTH, height, title, left=0.3, right=COLOUR_BAR, bottom=0.3)
    axis.set(**labels)
    largest = np.abs(weights).max()
    image = axis.imshow(tiles, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="none")
    colour_bar(figure, axis, image, "weight")
    return figure


@styled
def activation_maps_figure(inputs, activations, layer, settings):
    """Draws every channel's activations for some drawings: a row of panels per drawing.

    Args:
        inputs: drawings, array [drawings, 28, 28].
        activations: array [drawings, channels, height, width]; of stochastic units one sample.
        layer: its name.
        settings: the data's `title`, and the `variant`'s name.

    Returns:
        A `Figure`: the input, and beside it a tile for each channel, in the order of the filters.
    """
    drawings, channels = activations.shape[:2]
    tiles = [mosaic(maps, min(channels, COLUMNS)) for maps in activations]
    row = WIDTH * tiles[0].shape[0] / tiles[0].shape[1]
    step = max(row, INPUT) + BETWEEN
    title = _title(f"Activations of {layer}", settings)
    left = INPUT + 0.2
    figure, axis = picture(WIDTH, drawings * step - BETWEEN, title, left=left, right=COLOUR_BAR)
    # In inches from the lower left, so that each row of tiles stands beside its drawing.
    axis.set(xlim=(0, WIDTH), ylim=(0, drawings * step - BETWEEN), autoscale_on=False)
    beside = panel(figure, 0.1, 0.1, INPUT, drawings * step - BETWEEN)
    beside.set(xlim=(0, INPUT), ylim=axis.get_ylim(), autoscale_on=False)
    largest = max(activations.max(), 1e-9)
    for number, (drawing, shown) in enumerate(zip(inputs, tiles, strict=True)):
        middle = (drawings - number - 0.5) * step - BETWEEN / 2
        extent = (0, INPUT, middle - INPUT / 2, middle + INPUT / 2)
        beside.imshow(drawing, cmap="gray", extent=extent, aspect="auto")
        extent = (0, WIDTH, middle - row / 2, middle + row / 2)
        style = {"cmap": "inferno", "vmin": 0, "vmax": largest, "interpolation": "none"}
        image = axis.imshow(shown, extent=extent, aspect="auto", **style)
    colour_bar(figure, axis, image, "activation")
    return figure


@styled
def most_exciting_figure(drawings, title, settings):
    """Draws the drawings that excite each filter most.

    Args:
        drawings: array [count, channels, 28, 28], strongest first; not a number where fewer
            drawings excite a filter at all.
        title: what they are.
        settings: the data's `title`, and the `variant`'s name.

    Returns:
        A `Figure`: a column per filter, strongest on top; filters go on in the next band.
    """
    count, channels = drawings.shape[:2]
    columns = min(channels, COLUMNS)
    bands = [drawings[:, first : first + columns] for first in range(0, channels, columns)]
    size = drawings.shape[-1]
    label = size // 2  # rows of pixels for the filters' numbers, below each band
    shape = (count * (size + GAP) + label, columns * (size + GAP) - GAP)
    tiles = np.full((len(bands) * shape[0], shape[1]), math.nan)
    for number, band in enumerate(bands):
        shown = mosaic(band.reshape(-1, size, size), band.shape[1])
        top = number * shape[0]
        tiles[top : top + shown.shape[0], : shown.shape[1]] = shown
    width = WIDTH + COLOUR_BAR
    title = _title(title, settings)
    figure, axis = picture(width, width * tiles.shape[0] / tiles.shape[1], title, bottom=0.3)
    axis.imshow(tiles, cmap="gray", interpolation="none")
    for number in range(channels):
        band, column = divmod(number, columns)
        x, y = column * (size + GAP) + size / 2, (band + 1) * shape[0] - label / 2
        axis.text(x, y, number + 1, size=7, ha="center", va="center")
    axis.set_xlabel("filter")
    return figure
