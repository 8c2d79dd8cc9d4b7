"""The one style of all figures, and how they are written."""

import functools
import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from binary_activations.files import write_atomically

# Okabe & Ito's palette.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
REFERENCE = "#555555"
STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e5e5",
    "legend.frameon": False,
    "savefig.dpi": 150,
    "svg.hashsalt": "binary activations",  # of the names within an SVG, which are random otherwise
}


def styled(draw):
    """Lets a function that returns a `Figure` draw in this module's style."""

    @functools.wraps(draw)
    def wrapper(*arguments):
        with mpl.rc_context(STYLE):
            return draw(*arguments)

    return wrapper


def write_figure(path, figure):
    """Writes a figure, the same bytes for the same figure.

    Args:
        path: its suffix is the format, `.png` or `.svg`.
        figure: a `Figure`.
    """
    content = io.BytesIO()
    kind = Path(path).suffix[1:]
    metadata = {"Date": None} if kind == "svg" else None
    with mpl.rc_context(STYLE):
        figure.savefig(content, format=kind, metadata=metadata)
    write_atomically(path, content.getvalue())


def write_pictures(paths, figure):
    """Writes a figure to each of several paths."""
    for path in paths:
        write_figure(path, figure)


def bare(axis):
    """Removes the ticks, grid and frame of an axis."""
    axis.set(xticks=[], yticks=[])
    axis.grid(False)
    axis.spines[:].set_visible(False)


def picture(width, height, title, *, left=0.1, right=0.1, bottom=0.1):
    """Makes a figure of one bare axis. Its layout is fixed, so drawing it solves nothing.

    Args:
        width: of the axis, in inches.
        height: of the axis, in inches.
        title: one or two lines above it.
        left: room beside the axis, in inches; likewise `right` (`COLOUR_BAR` for a colour bar)
            and `bottom`.

    Returns:
        The `Figure` and its axis.
    """
    top = 0.25 + 0.17 * (title.count("\n") + 1)
    figure = Figure(figsize=(left + width + right, bottom + height + top))
    axis = panel(figure, left, bottom, width, height)
    figure.text(0.5, 1 - 0.08 / figure.get_figheight(), title, size=10, ha="center", va="top")
    return figure, axis


def panel(figure, left, bottom, width, height):
    """Adds a bare axis to a figure, at a place in inches from its lower left."""
    size = figure.get_figwidth(), figure.get_figheight()
    place = (left / size[0], bottom / size[1], width / size[0], height / size[1])
    axis = figure.add_axes(place)
    bare(axis)
    return axis


COLOUR_BAR = 1.0  # inches that one takes at the right of a figure


def colour_bar(figure, axis, image, label):
    """Draws the scale of an image at the right of an axis, in the last `COLOUR_BAR` inches."""
    place = axis.get_position()
    width = figure.get_figwidth()
    height = min(place.height, 2.5 / figure.get_figheight())
    bottom = place.y0 + (place.height - height) / 2
    bar = figure.add_axes((1 - (COLOUR_BAR - 0.15) / width, bottom, 0.12 / width, height))
    figure.colorbar(image, cax=bar).set_label(label)
