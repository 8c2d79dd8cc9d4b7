"""The figure of how often binary units fire."""

from matplotlib.figure import Figure

from binary_activations.figures.style import COLOURS, REFERENCE, styled


@styled
def firing_figure(rates, settings):
    """Draws the mean firing rate, and the units that never or always fire, of every binary layer.

    Args:
        rates: by variant, a data frame as `layers.firing_rates` returns it.
        settings: of `Study.result_settings` the title and the variants.

    Returns:
        A `Figure`: a row for each variant and binary layer.
    """
    rows = [
        (f"{variant['name']}: {row['layer']}", row)
        for variant in settings["variants"]
        for row in rates[variant["name"]].to_dict("records")
    ]
    figure = Figure(figsize=(8.0, 0.24 * len(rows) + 1.5), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    positions = range(len(rows))
    mean, dead, saturated = ([row[key] for _, row in rows] for key in ("mean", "dead", "saturated"))
    left.barh(positions, mean, color=COLOURS[0])
    left.set(xlabel="mean firing rate (%)", xlim=(0, 100))
    left.set_yticks(positions, [name for name, _ in rows])
    left.set_ylim(len(rows) - 0.4, -0.6)
    right.barh(positions, dead, color=REFERENCE, label="never fire")
    right.barh(positions, saturated, left=dead, color=COLOURS[4], label="always fire")
    right.set(xlabel="units (%)", xlim=(0, 100))
    for axis in (left, right):
        axis.grid(axis="y", visible=False)
    if not rows:
        left.text(50, 0, "no binary layer", ha="center")
    figure.legend(loc="outside lower right", ncols=2)
    figure.suptitle(f"How often binary units fire, {settings['title']}")
    return figure
