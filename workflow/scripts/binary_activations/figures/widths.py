"""The figure of accuracy against the width of a network."""

from matplotlib.figure import Figure

from binary_activations.figures.results import error_scale, series_colours, series_label
from binary_activations.figures.style import styled

APART = 0.04  # from one series to the next, in widths


@styled
def widths_figure(metrics, settings):
    """Draws a line for each choice of binary layers, through the networks of every width.

    Args:
        metrics: as `tables.read_metrics` returns them, of one task.
        settings: `Study.result_settings`, of variants that differ in layers and channels alone.

    Returns:
        A `Figure`: means over seeds, with a line from the lowest to the highest seed. The axis is
        logarithmic in the error.
    """
    widths = sorted({tuple(variant["channels"]) for variant in settings["variants"]})
    by_series = {}
    for variant in settings["variants"]:
        series = ", ".join(variant["layers"]) or "none"
        place = widths.index(tuple(variant["channels"]))
        by_series.setdefault(series, {})[place] = variant["name"]
    colours = series_colours(dict(zip(by_series, by_series, strict=True)))
    figure = Figure(figsize=(5.4, 4.2), layout="constrained")
    axis = figure.subplots()
    for number, (series, names) in enumerate(by_series.items()):
        shift = APART * (number - (len(by_series) - 1) / 2)
        places = sorted(names)
        seeds = [metrics.loc[metrics["variant"] == names[p], "accuracy"] for p in places]
        across = [place + shift for place in places]
        style = {"color": colours[series], "label": series_label(series)}
        axis.plot(across, [part.mean() for part in seeds], "o-", **style)
        axis.vlines(across, [p.min() for p in seeds], [p.max() for p in seeds], colours[series])
    axis.set_xticks(range(len(widths)), [", ".join(map(str, width)) for width in widths])
    axis.set(xlabel="channels of each layer", ylabel="test accuracy (%)")
    error_scale(axis, "y", metrics["accuracy"].min(), metrics["accuracy"].max())
    figure.legend(loc="outside lower center", ncols=2)
    figure.suptitle(f"Accuracy against width, {settings['title']}")
    return figure
