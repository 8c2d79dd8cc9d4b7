"""The figure of accuracy against the width of a network."""

from matplotlib.figure import Figure

from binary_activations.figures.results import error_scale, series_colours, series_label
from binary_activations.figures.style import styled
from binary_activations.reporting.labels import group_name
from binary_activations.study.widths import width_series

APART = 0.04  # from one series to the next, in widths


@styled
def widths_figure(metrics, settings):
    """Draws a line for each series of variants that differ in their channels alone.

    Args:
        metrics: as `tables.read_metrics` returns them, of one task.
        settings: `Study.result_settings`; those of its variants that have one width are left out.

    Returns:
        A `Figure`: means over seeds, with a line from the lowest to the highest seed. The axis is
        logarithmic in the error.
    """
    by_series = _by_name(settings)
    drawn = [variant for found in by_series.values() for variant in found]
    metrics = metrics[metrics["variant"].isin([variant["name"] for variant in drawn])]
    widths = sorted({tuple(variant["channels"]) for variant in drawn})
    colours = series_colours(dict(zip(by_series, by_series, strict=True)))
    figure = Figure(figsize=(5.4, 4.2), layout="constrained")
    axis = figure.subplots()
    for number, (series, found) in enumerate(by_series.items()):
        shift = APART * (number - (len(by_series) - 1) / 2)
        seeds = [metrics.loc[metrics["variant"] == row["name"], "accuracy"] for row in found]
        across = [widths.index(tuple(row["channels"])) + shift for row in found]
        style = {"color": colours[series], "label": series_label(series)}
        axis.plot(across, [part.mean() for part in seeds], "o-", **style)
        axis.vlines(across, [p.min() for p in seeds], [p.max() for p in seeds], colours[series])
    axis.set_xticks(range(len(widths)), [", ".join(map(str, width)) for width in widths])
    axis.set(xlabel="channels of each layer", ylabel="test accuracy (%)")
    error_scale(axis, "y", metrics["accuracy"].min(), metrics["accuracy"].max())
    figure.legend(loc="outside lower center", ncols=2)
    figure.suptitle(f"Accuracy against width, {settings['title']}")
    return figure


def _by_name(settings):
    """Returns the series by name: their binary layers, and their group where there are several."""
    alike = [row | {"network": row["network_at_any_width"]} for row in settings["variants"]]
    any_width = settings | {"variants": alike}
    found = [(group_name(series[0], any_width), series) for series in width_series(any_width)]
    several = len({group for group, series in found if series[0]["layers"]}) > 1
    by_name = {}
    for group, series in found:
        layers = ", ".join(series[0]["layers"])
        if not layers:
            name = group.replace("no binary layer", "none", 1)
        else:
            name = f"{layers}, {group}" if several else layers
        by_name[name] = series
    return by_name
