"""The figure of a sweep over learning rates."""

import math

from matplotlib.figure import Figure

from binary_activations.figures.results import error_scale, series_colours, series_label
from binary_activations.figures.style import styled
from binary_activations.reporting.labels import capitalised, groups
from binary_activations.reporting.sweep import chosen_rates

COLUMNS = 3  # of panels


@styled
def sweep_figure(table, settings):
    """Draws the validation accuracy at each learning rate, a panel per group of variants.

    Args:
        table: as `sweep.read_sweep` returns it.
        settings: `Study.sweep_settings`.

    Returns:
        A `Figure`. A line goes through the mean over the seeds, which are marked by themselves. A
        ring is around the rate that is chosen.
    """
    panels = groups(settings)
    chosen = chosen_rates(table)
    columns = min(len(panels), COLUMNS)
    rows = math.ceil(len(panels) / columns)
    figure = Figure(figsize=(max(2.6 * columns, 5.0), 2.6 * rows + 0.7), layout="constrained")
    figure.subplots(rows, columns, sharey=True, squeeze=False)
    series = {v["name"]: ", ".join(v["layers"]) or "none" for v in settings["variants"]}
    colours = series_colours(series)
    lines = {}
    for (group, variants), axis in zip(panels, figure.axes, strict=False):
        for variant in variants:
            layers = series[variant["name"]]
            found = table[table["variant"] == variant["name"]]
            means = found.groupby("learning_rate")["validation_accuracy"].mean()
            (line,) = axis.plot(means.index, means, "-", color=colours[layers], lw=1.5)
            rates, accuracies = found["learning_rate"], found["validation_accuracy"]
            axis.plot(rates, accuracies, "o", color=colours[layers], ms=3)
            rate = chosen[variant["name"]]
            axis.plot(rate, means[rate], "o", color=colours[layers], mfc="none", ms=10)
            lines.setdefault(layers, line)
        axis.set_title(group.replace(", ", ",\n"), fontsize=9)
        rates = sorted({rate for variant in variants for rate, _ in variant["rates"]})
        axis.set(xscale="log", xlabel="learning rate")
        axis.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axis.set_xticks([], minor=True)
    for axis in figure.axes[len(panels) :]:
        axis.set_visible(False)
    values = table["validation_accuracy"]
    for number, axis in enumerate(figure.axes[: len(panels)]):
        error_scale(axis, "y", values.min(), values.max())
        if number % columns == 0:
            axis.set_ylabel("validation accuracy (%)")
    labels = [series_label(name) for name in lines]
    figure.legend(lines.values(), labels, loc="outside lower center", ncols=len(lines))
    figure.suptitle(f"Learning rates, {capitalised(settings['title'])}")
    return figure
