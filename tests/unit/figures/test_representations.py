"""The figure of nearest neighbours by layer."""

import pandas as pd

from binary_activations.figures.representations import representations_figure
from samples.results import VARIANTS


def test_a_marker_for_each_layer_filled_where_it_is_binary():
    settings = {"dataset": "mnist", "title": "Title", "variants": VARIANTS[:2]}
    layers = ["input", "conv1", "conv2"]
    tables = {
        "plain": pd.DataFrame({"layer": layers, "binary": False, "accuracy": [90.0, 95.0, 97.0]}),
        "a": pd.DataFrame(
            {"layer": layers, "binary": [False, True, False], "accuracy": [90.0, 93.0, 96.0]}
        ),
    }
    (axis,) = representations_figure(tables, settings).axes
    assert [float(line.get_xdata()[0]) for line in axis.lines] == [90, 95, 97, 90, 93, 96]
    filled = [line.get_color() == line.get_markerfacecolor() for line in axis.lines]
    assert filled == [False, False, False, False, True, False]
    assert len({float(line.get_ydata()[0]) for line in axis.lines}) == 2
