"""The figure of how often units fire."""

from matplotlib.figure import Figure

from binary_activations.figures.rows import label_rows, rows_height
from binary_activations.figures.style import COLOURS, REFERENCE, styled
from binary_activations.reporting.labels import groups, series_names

# Of units that never, or always, fire: what they are, and how strong their colour is.
PARTS = {"channels": 1.0, "border": 0.6, "elsewhere": 0.3}


@styled
def firing_figure(tables, settings):
    """Draws the mean firing probability, and the units that never or always fire.

    Args:
        tables: by variant, a data frame as `firing.firing_table` returns it.
        settings: `Study.firing_settings`.

    Returns:
        A `Figure`: a row for each variant and binary layer, and for each layer of a network that
        has no binary one.
    """
    parts, rows = [], []
    series = series_names(settings)
    for group, variants in groups(settings):
        labels = []
        for variant in variants:
            binary = series[variant["name"]]
            for row in tables[variant["name"]].to_dict("records"):
                layer = row["layer"]
                rows.append(row)
                labels.append(layer if len(variants) == 1 else _label(layer, binary))
        parts.append((group, labels))
    figure = Figure(figsize=(8.0, rows_height(parts) + 1.5), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    positions = label_rows(left, parts)
    left.barh(positions, [row["mean"] for row in rows], color=COLOURS[0])
    left.set(xlabel="mean firing probability (%)", xlim=(0, 100))
    reached = [0.0] * len(rows)
    for state, title, colour in (
        ("silent", "never fire", REFERENCE),
        ("saturated", "always fire", COLOURS[4]),
    ):
        for part, strength in PARTS.items():
            shares = [_share(row, state, part) for row in rows]
            label = {"channels": "whole channels", "border": "at the border"}.get(part, part)
            right.barh(
                positions,
                shares,
                left=reached,
                color=colour,
                alpha=strength,
                lw=0,
                label=f"{title}: {label}",
            )
            reached = [a + b for a, b in zip(reached, shares, strict=True)]
    right.set(xlabel="units that never or always fire (%)", xlim=(0, 100))
    right.grid(axis="y", visible=False)
    right.tick_params(axis="y", length=0)
    figure.legend(loc="outside lower center", ncols=2)
    figure.suptitle(f"How often units fire, {settings['title']}")
    return figure


def _label(layer, series):
    """Returns the name of a row: the layer and, where others are binary too, which."""
    return layer if series in ("none", layer) else f"{layer} of {series}"


def _share(row, state, part):
    if part == "elsewhere":
        return row[state] - row[f"{state}_channels"] - row[f"{state}_border"]
    return row[f"{state}_{part}"]
