"""The figure of how often units fire."""

from matplotlib.figure import Figure

from binary_activations.figures.style import COLOURS, REFERENCE, styled

# Of units that never, or always, fire: what they are, and how strong their colour is.
PARTS = {"channels": 1.0, "border": 0.6, "elsewhere": 0.3}


@styled
def firing_figure(tables, settings):
    """Draws the mean firing probability, and the units that never or always fire.

    Args:
        tables: by variant, a data frame as `firing.firing_table` returns it.
        settings: of `Study.result_settings` the title and the variants.

    Returns:
        A `Figure`: a row for each variant and binary layer, and for each layer of a network that
        has no binary one.
    """
    rows = [
        (f"{variant['name']}: {row['layer']}", row)
        for variant in settings["variants"]
        for row in tables[variant["name"]].to_dict("records")
    ]
    figure = Figure(figsize=(8.0, 0.24 * len(rows) + 1.8), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    positions = range(len(rows))
    left.barh(positions, [row["mean"] for _, row in rows], color=COLOURS[0])
    left.set(xlabel="mean firing probability (%)", xlim=(0, 100))
    left.set_yticks(positions, [name for name, _ in rows])
    left.set_ylim(len(rows) - 0.4, -0.6)
    reached = [0.0] * len(rows)
    for state, title, colour in (
        ("silent", "never fire", REFERENCE),
        ("saturated", "always fire", COLOURS[4]),
    ):
        for part, strength in PARTS.items():
            shares = [_share(row, state, part) for _, row in rows]
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
    right.set(xlabel="units (%)", xlim=(0, 100))
    for axis in (left, right):
        axis.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=2)
    figure.suptitle(f"How often units fire, {settings['title']}")
    return figure


def _share(row, state, part):
    if part == "elsewhere":
        return row[state] - row[f"{state}_channels"] - row[f"{state}_border"]
    return row[f"{state}_{part}"]
