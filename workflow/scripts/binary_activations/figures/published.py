"""The published figures, and beside each the networks that were trained here."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from binary_activations.figures.results import error_scale
from binary_activations.figures.rows import (
    label_rows,
    ordered_variants,
    rows_height,
    variant_rows,
)
from binary_activations.figures.style import COLOURS, REFERENCE, styled
from binary_activations.reporting.labels import capitalised

# By estimator: its label, marker and colour; all others share the first.
KINDS = {
    None: ("straight-through, or no binary layer", "o", COLOURS[0]),
    "none": ("filters below stay random, as in the published code", "s", REFERENCE),
    "running_mean": ("REINFORCE", "^", COLOURS[1]),
    "local_expectation": ("local expectation", "v", COLOURS[2]),
}
AS_REINFORCE = {"none", "running_mean"}  # estimators of rows that were published as REINFORCE
STEP = 0.17  # from one marker of a row to the next, in rows
ROW = 0.27  # inches


@styled
def published_figure(studies):
    """Draws a row for each published figure, and in it all that is compared with it.

    Local expectations stand beside the published REINFORCE figure of the same units and layers.

    Args:
        studies: for each data set its `Study.result_settings`, metrics (`tables.read_metrics`, of
            one task) and published figures (`tables.read_published`).

    Returns:
        A `Figure`. Markers are means, lines reach from the lowest to the highest seed. The axes
        are logarithmic in the error.
    """
    panels = [_rows(settings, published) for settings, _, published in studies]
    heights = [rows_height(variant_rows(settings), ROW) for settings, _ in panels]
    levels = sorted(set(heights))
    figure = Figure(figsize=(5.4 * len(studies), levels[-1] + 1.1), layout="constrained")
    grid = figure.add_gridspec(len(levels), len(studies), height_ratios=np.diff([0, *levels]))
    for column, (height, panel, (_, metrics, published)) in enumerate(
        zip(heights, panels, studies, strict=True)
    ):
        axis = figure.add_subplot(grid[: levels.index(height) + 1, column])
        _panel(axis, *panel, metrics, published)
        axis.set_xlabel("test accuracy (%), logarithmic error")
    drawn = {_kind(variant) for settings, *_ in studies for variant in settings["variants"]}
    handles = [Line2D([], [], marker="D", ls="", color="black", mfc="none", label="published")]
    handles += [
        Line2D([], [], marker=marker, color=colour, label=label)
        for kind, (label, marker, colour) in KINDS.items()
        if kind in drawn
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _kind(variant):
    return variant["estimator"] if variant["estimator"] in KINDS else None


def _rows(settings, published):
    """Returns the settings with one variant for each published one, and by the published names all
    that is drawn there. The variant is that of the same name, where there is one."""
    compared = [row for row in settings["variants"] if row["name"] in published.index]
    rows = {}
    for variant in sorted(compared, key=lambda row: row["name"] != row["published"]):
        rows.setdefault(variant["published"], []).append(variant)
    shown = [row for row in compared if rows[row["published"]][0] is row]
    shown = [
        row | {"label": "published as REINFORCE"} if row["estimator"] in AS_REINFORCE else row
        for row in shown
    ]
    reinforce = {
        (row["mode"], *row["layers"]): row["published"]
        for row in shown
        if row["estimator"] == "running_mean"
    }
    for variant in settings["variants"]:
        place = reinforce.get((variant["mode"], *variant["layers"]))
        if variant["estimator"] == "local_expectation" and variant not in compared and place:
            rows[place].append(variant)
    return settings | {"variants": shown}, rows


def _panel(axis, settings, rows, metrics, published):
    heights = label_rows(axis, variant_rows(settings))
    for row, middle in zip(ordered_variants(settings), heights, strict=True):
        accuracy = published.loc[row["name"], "accuracy"]
        axis.plot(accuracy, middle, "D", color="black", mfc="none", ms=7, zorder=5)
        for number, variant in enumerate(rows[row["published"]]):
            _, marker, colour = KINDS[_kind(variant)]
            seeds = metrics.loc[metrics["variant"] == variant["name"], "accuracy"]
            height = middle + STEP * (number - (len(rows[row["published"]]) - 1) / 2)
            axis.plot([seeds.min(), seeds.max()], [height] * 2, color=colour, lw=1.5)
            axis.plot(seeds.mean(), height, marker, color=colour, ms=5)
    values = [*metrics["accuracy"], *published["accuracy"]]
    error_scale(axis, "x", min(values), max(values))
    axis.set_title(capitalised(settings["title"]))
