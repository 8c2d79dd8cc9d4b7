"""The figure of firing rates."""

import pandas as pd

from binary_activations.figures.firing import firing_figure

SHOWN = {"title": "MNIST", "origin": "official", "variant": "a"}


def test_the_firing_figure_has_a_row_for_every_binary_layer():
    columns = ["layer", "units", "mean", "dead", "saturated"]
    rates = {
        "plain": pd.DataFrame(columns=columns),
        "a": pd.DataFrame([["conv1", 9, 20.0, 5.0, 1.0], ["conv2", 9, 2.0, 80.0, 0.0]]),
    }
    rates["a"].columns = columns
    settings = {**SHOWN, "variants": [{"name": "plain"}, {"name": "a"}]}
    left, right = firing_figure(rates, settings).axes
    assert [text.get_text() for text in left.get_yticklabels()] == ["a: conv1", "a: conv2"]
    assert [bar.get_width() for bar in left.patches] == [20, 2]
    assert [bar.get_width() for bar in right.patches] == [5, 80, 1, 0]
    assert firing_figure({"plain": rates["plain"]}, {**SHOWN, "variants": [{"name": "plain"}]})
