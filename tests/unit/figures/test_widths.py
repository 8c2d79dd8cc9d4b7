"""The figure of accuracy against width."""

import pandas as pd

from binary_activations.figures.widths import widths_figure
from samples.results import settings, variant


def test_each_choice_of_binary_layers_is_a_line_through_the_widths():
    binary = (["conv1"], "deterministic", "straight_through")
    chosen = settings() | {
        "variants": [
            variant("wide", channels=[32, 64]),
            variant("plain"),
            variant("wide binary", *binary, channels=[32, 64]),
            variant("binary", *binary),
        ]
    }
    accuracies = {"plain": 98.0, "wide": 99.0, "binary": 96.0, "wide binary": 97.0}
    metrics = pd.DataFrame(
        [
            {"variant": name, "accuracy": accuracy + 0.5 * seed}
            for name, accuracy in accuracies.items()
            for seed in (-1, 1)
        ]
    )
    axis = widths_figure(metrics, chosen).axes[0]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["16, 32", "32, 64"]
    drawn = {line.get_label(): line.get_ydata().tolist() for line in axis.lines}
    assert drawn == {"no binary layer": [98.0, 99.0], "binary: conv1": [96.0, 97.0]}
    low, high = axis.get_ylim()
    assert low < 95.5
    assert high > 99.5


def test_what_has_one_width_is_left_out_and_several_groups_are_named():
    def binary(name, estimator, **changes):
        return variant(name, ["conv1"], "stochastic", estimator, **changes)

    wide = {"channels": [32, 64], "network": "32, 64 channels"}
    chosen = settings() | {
        "variants": [
            variant("plain"),
            binary("a", "straight_through"),
            binary("wide a", "straight_through", **wide),
            binary("b", "local_expectation"),
            binary("wide b", "local_expectation", **wide),
            binary("c", "disarm"),
        ]
    }
    rows = [{"variant": row["name"], "accuracy": 98.0} for row in chosen["variants"]]
    axis = widths_figure(pd.DataFrame(rows), chosen).axes[0]
    assert [line.get_label() for line in axis.lines] == [
        "binary: conv1, stochastic, straight-through",
        "binary: conv1, stochastic, local expectation",
    ]
