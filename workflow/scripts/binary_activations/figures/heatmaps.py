"""Figures of heatmaps: of one network, and of one layer of all networks."""

import math

import matplotlib as mpl
import numpy as np

from binary_activations.figures.layers import mosaic
from binary_activations.figures.style import COLOUR_BAR, colour_bar, picture, styled
from binary_activations.reporting.labels import capitalised

PANEL = 1.15  # inches
SMALL_PANEL = 0.5  # inches, in a sheet
CHARACTER = 0.063  # inches, in the names of a sheet's rows
OPACITY = 0.65  # of a heatmap over the input
GAP = 6  # pixels between panels, of those that a panel is drawn in
SMALL_GAP = 2  # in a sheet
LARGEST = 336  # pixels that a panel is drawn in, at most
KINDS = {"mean": "mean", "channels": "its channels", "sample": "one sample"}


@styled
def heatmap_figure(inputs, heatmaps, settings):
    """Draws the inputs and all layers' heatmaps side by side: a row per drawing.

    Args:
        inputs: drawings, array [drawings, 28, 28].
        heatmaps: by layer, what is shown to arrays [drawings, height, width] in [0, 1]
            (`heatmaps.layer_heatmaps`).
        settings: the data's `title`, and the `variant`'s name.

    Returns:
        A `Figure`: the input, then for each layer its heatmap alone and over the input.
    """
    maps = [each for shown in heatmaps.values() for each in shown.values()]
    size = _panel_size(inputs, maps)
    drawn = _drawn(inputs, size, "gray")
    columns = {"input": drawn}
    for layer, shown in heatmaps.items():
        for kind, each in shown.items():
            coloured = _drawn(each, size, "inferno", 1.0)
            columns[f"{layer}\n{KINDS[kind]}"] = coloured
            if kind == "mean":
                columns[f"{layer}\nover the input"] = OPACITY * coloured + (1 - OPACITY) * drawn
    tiles = np.stack(list(columns.values()), axis=1).reshape(-1, size, size, 3)
    height, width = PANEL * len(inputs), PANEL * len(columns)
    # The line below the title is the columns' names.
    title = f"{capitalised(settings['title'])}: {settings['variant']}\n\n"
    figure, axis = picture(width, height, title, right=COLOUR_BAR)
    axis.imshow(mosaic(tiles, len(columns), gap=GAP, between=1.0), interpolation="antialiased")
    for number, label in enumerate(columns):
        middle = number * (size + GAP) + size / 2
        axis.text(middle, -GAP, label, size=8, ha="center", va="bottom")
    _scale(figure, axis)
    return figure


@styled
def heatmap_sheet(inputs, heatmaps, layer, title):
    """Draws one layer's heatmaps in all networks: a row for each, below the inputs.

    Args:
        inputs: drawings, array [drawings, 28, 28].
        heatmaps: by what a row is called, arrays [drawings, height, width] in [0, 1].
        layer: its name.
        title: of the data.

    Returns:
        A `Figure`.
    """
    maps = list(heatmaps.values())
    size = _panel_size(inputs, maps)
    rows = [_drawn(inputs, size, "gray"), *(_drawn(each, size, "inferno", 1.0) for each in maps)]
    tiles = mosaic(np.concatenate(rows), len(inputs), gap=SMALL_GAP, between=1.0)
    width = SMALL_PANEL * len(inputs)
    heading = f"Heatmaps of {layer}\n{capitalised(title)}"
    height = width * tiles.shape[0] / tiles.shape[1]
    labels = ["input", *heatmaps]
    left = CHARACTER * max(map(len, labels))
    figure, axis = picture(width, height, heading, left=left, right=COLOUR_BAR)
    axis.imshow(tiles, interpolation="antialiased")
    for number, label in enumerate(labels):
        middle = number * (size + SMALL_GAP) + size / 2
        axis.text(-SMALL_GAP, middle, label, size=8, ha="right", va="center")
    _scale(figure, axis)
    return figure


def _scale(figure, axis):
    """Draws the scale of heatmaps beside them."""
    scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 1), "inferno")
    colour_bar(figure, axis, scale, "activation / its maximum")


def _panel_size(inputs, maps):
    """Returns the pixels of a panel: where there is room, a multiple of every map's own."""
    return min(LARGEST, math.lcm(inputs.shape[1], *(each.shape[1] for each in maps)))


def _drawn(maps, size, colours, largest=None):
    """Returns arrays [n, height, height] in colours, each pixel repeated: [n, size, size, 3]."""
    nearest = np.arange(size) * maps.shape[1] // size
    return _in_colours(maps, colours, largest)[:, nearest][:, :, nearest]


def _in_colours(maps, colours, largest=None):
    """Colours arrays [n, height, width]: [n, height, width, 3], each from its own smallest to its
    own largest value, or from 0 to `largest`."""
    if largest is None:
        low = maps.min((1, 2), keepdims=True)
        high = maps.max((1, 2), keepdims=True)
    else:
        low, high = 0.0, largest
    return mpl.colormaps[colours]((maps - low) / np.maximum(high - low, 1e-9))[..., :3]
