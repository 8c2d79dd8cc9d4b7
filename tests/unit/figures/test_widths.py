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
