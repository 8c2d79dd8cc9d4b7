"""Figures of the study's results: learning curves and accuracies."""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator

from binary_activations.figures.rows import (
    label_rows,
    ordered_variants,
    rows_height,
    variant_rows,
)
from binary_activations.figures.style import COLOURS, REFERENCE, styled
from binary_activations.reporting.labels import groups, series_names

COLUMNS = 5  # of panels
MARKS = (0, 50, 70, 80, 90, 95, 98, 99, 99.5, 99.8)  # percent
CLOSE_MARKS = (*range(0, 95, 5), *(95, 96, 97, 97.5, 98, 98.5, 99, 99.2, 99.5, 99.8))


def series_colours(series):
    """Returns a colour for each series, the same in every group; grey where no layer is binary."""
    binary = [name for name in dict.fromkeys(series.values()) if name != "none"]
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(binary)}
    return {"none": REFERENCE, **colours}


def series_label(series):
    """Returns what a legend calls a series."""
    if series.startswith("none"):
        return series.replace("none", "no binary layer", 1)
    return f"binary: {series}"


@styled
def curves_figure(histories, settings):
    """Draws loss and accuracy over the epochs, a column per group of variants.

    They are of validation; where no variant has any, of training.

    Args:
        histories: by variant, a list of data frames (one per seed; a `fit.Training`'s history).
        settings: `Study.result_settings`.

    Returns:
        A `Figure`, of at most `COLUMNS` columns; the axes are logarithmic in loss and error. A line
        shows the mean over seeds, in a band from the lowest to the highest seed. Dashed lines show
        the networks without a binary layer of the same slope, learning rate and network, as far as
        there are any.
    """
    parts = [part for part in groups(settings) if part[1][0]["layers"]]
    plain = [variant for variant in settings["variants"] if not variant["layers"]]
    parts = parts or [("no binary layer", [])]
    validated = any(frames[0]["validation_loss"].notna().any() for frames in histories.values())
    stage = "validation" if validated else "training"
    series = series_names(settings)
    colours = series_colours(series)
    bands = math.ceil(len(parts) / COLUMNS)
    columns = math.ceil(len(parts) / bands)
    size = (max(2.7 * columns, 5.4), 4.7 * bands + 0.5)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(2 * bands, columns, sharex=True, squeeze=False)
    # Of each band the upper row has the losses, the lower one the accuracies.
    panels = grid.reshape(bands, 2, columns).swapaxes(1, 2).reshape(-1, 2)
    for panel in panels:
        for axis, first in zip(panel, panels[0], strict=True):
            if axis is not first:
                axis.sharey(first)
        panel[0].set_visible(False)
        panel[1].set_visible(False)
    shown = [
        value
        for frames in histories.values()
        for frame in frames
        for value in 100 * frame[f"{stage}_accuracy"]
    ]
    for (name, variants), panel in zip(parts, panels, strict=False):
        for variant in [*_references(variants, plain), *variants]:
            colour = colours[series[variant["name"]]]
            frames = histories[variant["name"]]
            epochs = frames[0]["epoch"] + 1
            style = ("-" if variant["layers"] else "--") + ("o" if len(epochs) == 1 else "")
            for axis, key, scale in zip(
                panel, (f"{stage}_loss", f"{stage}_accuracy"), (1, 100), strict=True
            ):
                values = scale * np.array([frame[key] for frame in frames])
                axis.set_visible(True)
                axis.plot(epochs, values.mean(0), style, color=colour, lw=1.5)
                axis.fill_between(
                    epochs, values.min(0), values.max(0), color=colour, alpha=0.2, lw=0
                )
        panel[0].set_title(name.replace(", ", ",\n"), fontsize=9)
        panel[1].set_xlabel("epoch")
        panel[1].xaxis.set_tick_params(labelbottom=True)
    for loss, accuracy in panels[::columns]:
        loss.set(ylabel=f"{stage} loss (nats)", yscale="log")
        loss.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        loss.yaxis.set_major_formatter("{x:g}")
        loss.yaxis.set_minor_locator(NullLocator())
        accuracy.set(ylabel=f"{stage} accuracy (%)")
        error_scale(accuracy, "y", min(shown), max(shown))
    for loss, accuracy in np.delete(panels, np.s_[::columns], axis=0):
        loss.yaxis.set_tick_params(labelleft=False)
        accuracy.yaxis.set_tick_params(labelleft=False)
    handles = [
        Line2D([], [], color=colour, label=series_label(name), ls="--" if name == "none" else "-")
        for name, colour in colours.items()
        if name in series.values()
    ]
    columns = min(len(handles), int(figure.get_figwidth() // 1.8))
    figure.legend(handles=handles, loc="outside lower center", ncols=columns)
    figure.suptitle(f"Learning curves, {settings['title']}")
    return figure


def _references(variants, plain):
    """Returns the networks without a binary layer that some variants are drawn with."""
    slopes, rates = ({variant[key] for variant in variants} for key in ("slope", "learning_rate"))
    alike = [row for row in plain if row["slope"] in slopes]
    alike = [row for row in alike if row["learning_rate"] in rates] or alike
    for networks in ({variant["network"] for variant in variants}, {""}):
        if found := [row for row in alike if row["network"] in networks]:
            return found
    return (alike or plain)[:1]


@styled
def accuracy_figure(metrics, table, settings):
    """Draws the test accuracy of every variant, each seed and the mean, beside the published one.

    Args:
        metrics: as `tables.read_metrics` returns them, of one task.
        table: as `tables.result_table` returns it, of the same.
        settings: `Study.result_settings`.

    Returns:
        A `Figure`; the axis is logarithmic in the error, so that 98 and 99 % are as far apart as
        80 and 90 %.
    """
    parts, variants = variant_rows(settings), ordered_variants(settings)
    series = series_names(settings)
    colours = series_colours(series)
    by_variant = table.set_index("variant")
    figure = Figure(figsize=(7.2, rows_height(parts) + 1.1), layout="constrained")
    axis = figure.subplots()
    for variant, height in zip(variants, label_rows(axis, parts), strict=True):
        entry = by_variant.loc[variant["name"]]
        colour = colours[series[variant["name"]]]
        seeds = metrics.loc[metrics["variant"] == variant["name"], "accuracy"]
        if len(seeds) > 1:
            axis.plot(seeds, [height] * len(seeds), "|", color=colour, ms=9)
        interval = entry.get("accuracy_ci95", math.nan)
        if not math.isnan(interval):
            axis.errorbar(entry["accuracy_mean"], height, xerr=interval, color=colour)
        axis.plot(entry["accuracy_mean"], height, "o", color=colour, ms=6)
        axis.plot(entry["published_accuracy"], height, "D", color="black", mfc="none", ms=5)
    values = [*metrics["accuracy"], *by_variant["published_accuracy"].dropna()]
    error_scale(axis, "x", min(values), max(values))
    axis.set_xlabel("test accuracy (%), error on a logarithmic scale", loc="right")
    interval = " and its 95 % interval" if table["accuracy_ci95"].notna().any() else ""
    handles = [Line2D([], [], marker="o", ls="", color=REFERENCE, label=f"this study{interval}")]
    if len(settings["seeds"]) > 1:
        handles.append(Line2D([], [], marker="|", ls="", color=REFERENCE, ms=9, label="each seed"))
    if by_variant["published_accuracy"].notna().any():
        handles.append(
            Line2D([], [], marker="D", ls="", color="black", mfc="none", label="published")
        )
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    figure.suptitle(f"Test accuracy, {settings['title']}")
    return figure


def error_scale(axes, which, lowest, highest):
    """Makes an axis of accuracies logarithmic in the error.

    Args:
        axes: the `matplotlib.axes.Axes`.
        which: `x` or `y`.
        lowest, highest: of the accuracies, percent.
    """
    smallest = max(0.02, 0.6 * (100 - highest))

    def forward(accuracy):
        return -np.log10(np.maximum(100 - np.asarray(accuracy, float), smallest / 2))

    def inverse(position):
        return 100 - 10 ** (-np.asarray(position, float))

    getattr(axes, f"set_{which}scale")("function", functions=(forward, inverse))
    largest = min(100.0, 1.4 * (100 - lowest) + 0.1)
    getattr(axes, f"set_{which}lim")(100 - largest, 100 - smallest)
    shown = [mark for mark in MARKS if 100 - largest <= mark <= 100 - smallest]
    if len(shown) < 4:
        shown = [mark for mark in CLOSE_MARKS if 100 - largest <= mark <= 100 - smallest]
    getattr(axes, f"set_{which}ticks")(shown, [f"{mark:g}" for mark in shown])
    axes.minorticks_off()
