"""The one style of all figures, and how they are written."""

import functools
import io

import matplotlib as mpl

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
}
EMBEDDED = "embedded demonstration data, not {}"


def styled(draw):
    """Make a function that returns a `Figure` draw in this module's style."""

    @functools.wraps(draw)
    def wrapper(*arguments):
        with mpl.rc_context(STYLE):
            return draw(*arguments)

    return wrapper


def write_figure(path, figure):
    """Write a figure as PNG, the same bytes for the same figure."""
    content = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(content, format="png")
    write_atomically(path, content.getvalue())


def bare(axis):
    """Leave an axis only what is drawn in it: no ticks, grid or frame."""
    axis.set(xticks=[], yticks=[])
    axis.grid(False)
    axis.spines[:].set_visible(False)


def data_title(settings):
    """What data a figure shows; embedded data are said not to be the real ones."""
    title = settings["title"]
    return EMBEDDED.format(title) if settings["origin"] == "embedded" else title
