"""Figures for people: one style, colours that colour-blind readers can tell apart."""

import io
import math

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from binary_activations.files import write_atomically
from binary_activations.labels import TITLES, groups

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

    def wrapper(*arguments):
        with mpl.rc_context(STYLE):
            return draw(*arguments)

    wrapper.__doc__ = draw.__doc__
    return wrapper


def write_figure(path, figure):
    """Write a figure as PNG, the same bytes for the same figure."""
    content = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(content, format="png")
    write_atomically(path, content.getvalue())


def _title(settings):
    title = TITLES[settings["dataset"]]
    return EMBEDDED.format(title) if settings["origin"] == "embedded" else title


def _colours(variants):
    """A colour for each set of binary layers, the same in every group."""
    sets = dict.fromkeys(tuple(variant["layers"]) for variant in variants if variant["layers"])
    return {layers: COLOURS[number % len(COLOURS)] for number, layers in enumerate(sets)}


@styled
def heatmap_figure(inputs, heatmaps, settings):
    """The inputs and all layers' heatmaps side by side: a row per drawing.

    Args:
        inputs: drawings, array [drawings, 28, 28].
        heatmaps: by layer, what is shown to arrays [drawings, height, width] in [0, 1]
            (`heatmaps.layer_heatmaps`).
        settings: `dataset`, `origin` and the `variant`'s name.

    Returns:
        A `Figure`: the input, then for each layer its heatmap alone and over the input.
    """
    columns = [("input", None, False)]
    for layer, shown in heatmaps.items():
        random = "sample" in shown
        columns.append((f"{layer}\nmean of samples" if random else layer, shown["mean"], False))
        columns.append((f"{layer}\nover the input", shown["mean"], True))
        if random:
            columns.append((f"{layer}\none sample", shown["sample"], False))
    rows = len(inputs)
    figure = Figure(figsize=(1.15 * len(columns) + 0.9, 1.15 * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, len(columns), squeeze=False)
    for row in range(rows):
        for axis, (label, maps, over) in zip(axes[row], columns, strict=True):
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
            axis.spines[:].set_visible(False)
            if row == 0:
                axis.set_title(label, fontsize=8)
            extent = (0, inputs.shape[2], inputs.shape[1], 0)
            if maps is None or over:
                axis.imshow(inputs[row], cmap="gray", extent=extent)
            if maps is not None:
                style = {"alpha": 0.65} if over else {}
                axis.imshow(maps[row], cmap="inferno", vmin=0, vmax=1, extent=extent, **style)
    scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 1), "inferno")
    bar = figure.colorbar(scale, ax=axes, shrink=0.6, pad=0.02)
    bar.set_label("mean activation / its maximum")
    figure.suptitle(f"{_title(settings)}: {settings['variant']}", fontsize=10)
    return figure


@styled
def curves_figure(histories, settings):
    """Validation loss and accuracy over the epochs, a column per group of variants.

    Args:
        histories: by variant, a list of data frames (one per seed; `training.fit`'s history).
        settings: `configuration.result_settings`.

    Returns:
        A `Figure`. The mean over seeds is drawn, in a band from the lowest to the highest seed;
        the network without a binary layer stands in every panel, dashed.
    """
    parts = [part for part in groups(settings) if part[1][0]["layers"]]
    reference = [variant for variant in settings["variants"] if not variant["layers"]]
    parts = parts or [("no binary layer", [])]
    colours = _colours(settings["variants"])
    figure = Figure(figsize=(max(2.7 * len(parts), 5.4), 5.2), layout="constrained")
    axes = figure.subplots(2, len(parts), sharex=True, sharey="row", squeeze=False)
    for column, (name, variants) in enumerate(parts):
        for variant in [*reference, *variants]:
            colour = colours.get(tuple(variant["layers"]), REFERENCE)
            style = "-" if variant["layers"] else "--"
            frames = histories[variant["name"]]
            epochs = frames[0]["epoch"] + 1
            for row, (key, scale) in enumerate(
                [("validation_loss", 1), ("validation_accuracy", 100)]
            ):
                values = scale * np.array([frame[key] for frame in frames])
                axes[row, column].plot(epochs, values.mean(0), style, color=colour, lw=1.5)
                axes[row, column].fill_between(
                    epochs, values.min(0), values.max(0), color=colour, alpha=0.2, lw=0
                )
        axes[0, column].set_title(name, fontsize=9)
        axes[1, column].set_xlabel("epoch")
    axes[0, 0].set(ylabel="validation loss (nats)", yscale="log")
    axes[1, 0].set(ylabel="validation accuracy (%)")
    handles = [Line2D([], [], color=REFERENCE, ls="--", label="no binary layer")] * bool(reference)
    handles += [
        Line2D([], [], color=colour, label=f"binary: {', '.join(layers)}")
        for layers, colour in colours.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    figure.suptitle(f"Learning curves, {_title(settings)}")
    return figure


@styled
def accuracy_figure(metrics, table, settings):
    """Test accuracy of every variant, each seed and the mean, beside the published figure.

    Args:
        metrics: as `tables.read_metrics` returns them.
        table: as `tables.result_table` returns it.
        settings: `configuration.result_settings`.

    Returns:
        A `Figure`; the axis is logarithmic in the error, so that 98 and 99 % are as far apart
        as 80 and 90 %.
    """
    parts = groups(settings)
    colours = _colours(settings["variants"])
    by_variant = table.set_index("variant")
    figure = Figure(
        figsize=(7.2, 0.28 * len(table) + 0.35 * len(parts) + 1.6), layout="constrained"
    )
    axis = figure.subplots()
    position, ticks, labels = 0.0, [], []
    for name, variants in parts:
        position += 0.6
        for variant in variants:
            entry = by_variant.loc[variant["name"]]
            colour = colours.get(tuple(variant["layers"]), REFERENCE)
            seeds = metrics.loc[metrics["variant"] == variant["name"], "accuracy"]
            if len(seeds) > 1:
                axis.plot(seeds, [position] * len(seeds), "|", color=colour, ms=9)
            interval = entry.get("accuracy_ci95", math.nan)
            if not math.isnan(interval):
                axis.errorbar(entry["accuracy_mean"], position, xerr=interval, color=colour)
            axis.plot(entry["accuracy_mean"], position, "o", color=colour, ms=6)
            axis.plot(entry["published_accuracy"], position, "D", color="black", mfc="none", ms=5)
            ticks.append(position)
            layers = ", ".join(variant["layers"])
            labels.append(f"{name}: {layers}" if layers else name)
            position += 1.0
    values = [*metrics["accuracy"], *by_variant["published_accuracy"].dropna()]
    _error_scale(axis, min(values), max(values))
    axis.set(xlabel="test accuracy (%), error on a logarithmic scale", yticks=ticks)
    axis.set_yticklabels(labels)
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)
    interval = " and 95 % interval over episodes" if "accuracy_ci95" in table else ""
    handles = [Line2D([], [], marker="o", ls="", color=REFERENCE, label=f"this study{interval}")]
    if len(settings["seeds"]) > 1:
        handles.append(Line2D([], [], marker="|", ls="", color=REFERENCE, ms=9, label="each seed"))
    if by_variant["published_accuracy"].notna().any():
        handles.append(
            Line2D([], [], marker="D", ls="", color="black", mfc="none", label="published")
        )
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    axis.set_title(_title(settings))
    return figure


def _error_scale(axis, lowest, highest):
    smallest = max(0.02, 0.6 * (100 - highest))

    def forward(accuracy):
        return -np.log10(np.maximum(100 - np.asarray(accuracy, float), smallest / 2))

    def inverse(position):
        return 100 - 10 ** (-np.asarray(position, float))

    axis.set_xscale("function", functions=(forward, inverse))
    largest = min(100.0, 1.4 * (100 - lowest) + 0.1)
    axis.set_xlim(100 - largest, 100 - smallest)
    marks = [0, 50, 70, 80, 90, 95, 98, 99, 99.5, 99.8]
    shown = [mark for mark in marks if 100 - largest <= mark <= 100 - smallest]
    axis.set_xticks(shown, [f"{mark:g}" for mark in shown])
    axis.minorticks_off()
