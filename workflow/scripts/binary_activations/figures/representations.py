"""The figure of how well each layer tells drawings apart."""

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


@styled
def representations_figure(tables, settings):
    """Draws the accuracy of the nearest neighbour by each layer's activations.

    Args:
        tables: by variant, a data frame as `representations.nearest_in_classes` returns it.
        settings: `Study.firing_settings`.

    Returns:
        A `Figure`: a row for each variant, with a marker for the input and for each layer, filled
        where the layer is binary. The axis is logarithmic in the error.
    """
    variants = ordered_variants(settings)
    parts = [
        (group, [row if row == group else f"binary: {row}" for row in rows])
        for group, rows in variant_rows(settings)
    ]
    layers = list(tables[variants[0]["name"]]["layer"])
    colours = dict(zip(layers, [REFERENCE, *COLOURS], strict=False))
    figure = Figure(figsize=(7.2, rows_height(parts) + 1.1), layout="constrained")
    axis = figure.subplots()
    for variant, height in zip(variants, label_rows(axis, parts), strict=True):
        for row in tables[variant["name"]].to_dict("records"):
            colour = colours[row["layer"]]
            face = colour if row["binary"] else "white"
            axis.plot(row["accuracy"], height, "o", color=colour, mfc=face, ms=6)
    values = [value for table in tables.values() for value in table["accuracy"]]
    error_scale(axis, "x", min(values), max(values))
    axis.set_xlabel("nearest neighbour right (%), error on a logarithmic scale", loc="right")
    handles = [
        Line2D([], [], marker="o", ls="", color=colours[layer], mfc="white", label=f"by {layer}")
        for layer in layers
    ]
    handles.append(Line2D([], [], marker="o", ls="", color=REFERENCE, label="filled: binary"))
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    figure.suptitle(f"Nearest neighbours by layer, {settings['title']}")
    return figure
