"""Which digits are taken for which."""

import itertools
import math
import textwrap

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from binary_activations.figures.style import styled
from binary_activations.reporting.labels import full_names

COLUMNS = 5
DIAGONAL = "#cccccc"
SMALLEST = 0.1  # percent, that is told from none
WIDTH = 26  # characters of a title's line


@styled
def confusion_figure(metrics, settings):
    """Draws the errors of every variant, in a panel each.

    Args:
        metrics: as `tables.read_metrics` returns them, with `confusion`: how many images of
            each class (row) a replicate took for each class (column).
        settings: `Study.result_settings`.

    Returns:
        A `Figure`: in each panel the share of a class's images that was taken for each other
        class, over all seeds, on one logarithmic scale; the diagonal is left out, in grey.
    """
    variants = settings["variants"]
    columns = min(COLUMNS, len(variants))
    rows = math.ceil(len(variants) / columns)
    names = {name: _title(full) for name, full in full_names(settings).items()}
    lines = max(title.count("\n") for title in names.values()) + 1
    size = (1.9 * columns + 0.8, (2.0 + 0.13 * lines) * rows + 0.5)
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for panel in panels.flat[len(variants) :]:
        panel.set_visible(False)
    shares = {
        name: _error_shares(list(replicates))
        for name, replicates in metrics.groupby("variant")["confusion"]
    }
    largest = max(10 * SMALLEST, *(np.nanmax(share) for share in shares.values()))
    scale = LogNorm(SMALLEST, largest, clip=True)
    for variant, panel in zip(variants, panels.flat, strict=False):
        panel.set_facecolor(DIAGONAL)
        image = panel.imshow(shares[variant["name"]], cmap="Blues", norm=scale)
        panel.set_title(names[variant["name"]], size=8)
        panel.grid(False)
        panel.set(xticks=range(0, 10, 3), yticks=range(0, 10, 3))
        panel.xaxis.set_tick_params(labelbottom=True)
    for panel in panels[:, 0]:
        panel.set_ylabel("digit")
    for column in range(columns):
        shown = [panel for panel in panels[:, column] if panel.get_visible()]
        shown[-1].set_xlabel("taken for")
    bar = figure.colorbar(image, ax=panels, shrink=0.5, pad=0.02, format="{x:g}")
    bar.set_label("of the digit's test images (%)")
    figure.suptitle(f"Errors, {settings['title']}")
    return figure


def _title(name):
    """Returns a variant's name in lines as wide as a panel, its binary layers by themselves."""
    parts = name.replace(": ", ":\n").splitlines()
    lines = (textwrap.wrap(part, WIDTH, break_on_hyphens=False) for part in parts)
    return "\n".join(itertools.chain(*lines))


def _error_shares(replicates):
    counts = np.sum(replicates, axis=0).astype(float)
    shares = 100 * counts / np.maximum(counts.sum(1, keepdims=True), 1)
    np.fill_diagonal(shares, math.nan)
    return shares
