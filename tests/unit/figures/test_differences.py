"""The figure of a study's comparisons."""

import numpy as np
import pandas as pd
import pytest

from binary_activations.figures.differences import differences_figure
from binary_activations.reporting.comparisons import comparisons
from samples.results import settings


def compared(seeds, tmp_path):
    """A table of comparisons as the program reads it; conv1 costs 2 points, conv2 nothing."""
    chosen = settings(seeds=range(seeds))
    costs = {"plain": 0.0, "a": -2.0, "b": 0.01, "c": -2.0}
    metrics = pd.DataFrame(
        [
            {"variant": name, "seed": seed, "accuracy": 98 + cost + 0.05 * np.sin(9 * seed * cost)}
            for name, cost in costs.items()
            for seed in range(seeds)
        ]
    )
    table, _ = comparisons(metrics, chosen)
    path = tmp_path / "differences.csv"
    path.write_text(table.to_csv(index=False))
    return pd.read_csv(path)


def test_every_difference_has_a_row_and_a_clear_one_is_filled(tmp_path):
    table = compared(3, tmp_path)
    figure = differences_figure(table, "MNIST")
    assert [axis.get_title(loc="left") for axis in figure.axes][:2] == [
        "What does a binary layer cost?",
        "Where in the network?",
    ]
    costs = figure.axes[0]
    assert [label.get_text() for label in costs.get_yticklabels()] == [
        *("straight-through", "conv1", "conv2", "one binary layer"),
        *("local expectation", "conv1"),
    ]
    asked = table[table["question"] == "cost"]
    points = [line for line in costs.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in points] == pytest.approx(asked["difference"].tolist())
    filled = [line.get_markerfacecolor() != "white" for line in points]
    assert filled == asked["clear"].tolist()
    assert filled[:2] == [True, False]


def test_how_one_answer_depends_on_another_is_left_to_the_table(tmp_path):
    table = compared(3, tmp_path)
    more = pd.concat([table, table[-1:].assign(question="interaction")])
    titles = [axis.get_title(loc="left") for axis in differences_figure(more, "MNIST").axes]
    assert titles == [
        axis.get_title(loc="left") for axis in differences_figure(table, "MNIST").axes
    ]


def test_differences_of_one_seed_have_no_interval_and_are_not_judged(tmp_path):
    figure = differences_figure(compared(1, tmp_path), "MNIST")
    points = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert {line.get_markerfacecolor() for line in points} == {"white"}
    assert not figure.axes[0].containers
    assert not figure.legends


def test_the_axis_of_small_differences_is_linear_and_has_marks(tmp_path):
    table = compared(3, tmp_path)
    assert differences_figure(table, "MNIST").axes[0].get_xscale() == "symlog"
    small = table.assign(difference=table["difference"] / 20, ci95=0.1)
    axis = differences_figure(small, "MNIST").axes[-1]
    lowest, highest = axis.get_xlim()
    assert sum(lowest <= mark <= highest for mark in axis.get_xticks()) > 4
    assert axis.get_xlabel() == "points of test accuracy"


def test_a_study_without_pairs_says_so(tmp_path):
    table = compared(3, tmp_path)
    (text,) = differences_figure(table[:0], "MNIST").texts
    assert text.get_text() == "No two variants of this study differ in one thing alone."
