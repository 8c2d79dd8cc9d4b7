"""The figure of how often units fire."""

import math

import pandas as pd

from binary_activations.figures.firing import firing_figure
from binary_activations.inspection.firing import COLUMNS
from samples.results import variant


def test_the_firing_figure_has_a_row_for_every_layer_that_is_counted():
    tables = {
        "plain": pd.DataFrame([["conv1", 9, math.nan, 1.0, 0, 0, 2.0, 0, 0]], columns=COLUMNS),
        "a": pd.DataFrame(
            [["conv1", 9, 20.0, 9.0, 5.0, 3.0, 1.0, 0.0, 1.0], ["conv2", 9, 2.0, 80.0, *[0] * 5]],
            columns=COLUMNS,
        ),
    }
    binary = variant("a", ["conv1", "conv2"], "stochastic", "straight_through")
    settings = {"title": "MNIST", "variants": [variant("plain"), binary]}
    figure = firing_figure(tables, settings)
    left, right = figure.axes
    labels = [text.get_text() for text in left.get_yticklabels()]
    assert labels == [
        *("no binary layer", "conv1"),
        *("stochastic, straight-through", "conv1", "conv2"),
    ]
    assert [bar.get_width() for bar in left.patches[1:]] == [20, 2]
    widths = [bar.get_width() for bar in right.patches]
    # By state: whole channels, at the border, elsewhere; of each three rows.
    assert widths == [0, 5, 0, 0, 3, 0, 1, 1, 80, 0, 0, 0, 0, 1, 0, 2, 0, 0]
    # Each starts where those before it end.
    assert [bar.get_x() for bar in right.patches][3:9] == [0, 5, 0, 0, 8, 0]
    (legend,) = figure.legends
    assert legend.get_texts()[0].get_text() == "never fire: whole channels"


def test_rows_name_the_binary_layers_where_variants_of_a_group_differ_in_them():
    table = pd.DataFrame([["conv1", 9, 20.0, *[0] * 6]], columns=COLUMNS)
    rows = [
        variant(name, layers, "stochastic", "straight_through")
        for name, layers in (("a", ["conv1"]), ("b", ["conv1", "conv2"]))
    ]
    figure = firing_figure({"a": table, "b": table}, {"title": "MNIST", "variants": rows})
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == ["stochastic, straight-through", "conv1", "conv1 of conv1, conv2"]
