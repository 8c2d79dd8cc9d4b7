"""The figure of the estimators' bias against their deviation, from the tables of the benchmark."""

from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.figures.style import COLOURS, styled

# Colours tell the kinds of estimators apart, markers those of one kind.
LOOKS = {
    "straight_through": (COLOURS[0], "o"),
    "identity_straight_through": (COLOURS[0], "s"),
    "leaky_straight_through": (COLOURS[0], "X"),
    "approx_sign": (COLOURS[0], "<"),
    "tanh": (COLOURS[0], ">"),
    "reste": (COLOURS[0], "P"),
    "gumbel_softmax": (COLOURS[0], "^"),
    "reinmax": (COLOURS[0], "v"),
    "running_mean": (COLOURS[1], "o"),
    "leave_one_out": (COLOURS[1], "s"),
    "disarm": (COLOURS[1], "^"),
    "local_expectation": (COLOURS[2], "D"),
}
LINEAR = 0.01  # of the bias, below which the scale is linear
SHOWN = [0, 0.01, 0.1, 1, 10]


@styled
def bias_figure(tables):
    """Draws a panel for each choice of binary layers, with a point for each estimator.

    Args:
        tables: by what the panel is called, a table with `estimator`, `bias` (`0.162 ± 0.007`) and
            `deviation`, as `estimators.mnist_tables` makes them.

    Returns:
        A `Figure`: the bias with its standard error, and the deviation of one estimate, both
        relative to the gradient, on logarithmic scales.
    """
    figure = Figure(figsize=(8.0, 4.1), layout="constrained")
    for axis, (name, table) in zip(
        figure.subplots(1, len(tables), sharex=True, sharey=True), tables.items(), strict=True
    ):
        rows = table.set_index("estimator")
        for estimator, (colour, marker) in LOOKS.items():
            label = CATALOGUE[estimator].label
            bias, error = map(float, rows.loc[label, "bias"].split(" ± "))
            deviation = float(rows.loc[label, "deviation"])
            axis.errorbar(
                *(deviation, bias, error), color=colour, marker=marker, ls="", ms=6, label=label
            )
        axis.set_title(f"binary {name}")
        axis.set_xscale("log")
        axis.set_yscale("symlog", linthresh=LINEAR)
        axis.set_ylim(-0.003, 40)
        axis.set_yticks(SHOWN, [f"{mark:g}" for mark in SHOWN])
        axis.yaxis.set_minor_locator(NullLocator())
        axis.xaxis.set_major_formatter("{x:g}")
    figure.axes[0].set_ylabel("bias / gradient")
    figure.axes[len(tables) // 2].set_xlabel("standard deviation of one estimate / gradient")
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure
