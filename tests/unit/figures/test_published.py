"""The picture of the published figures."""

import pandas as pd
import pytest

from binary_activations.figures.published import published_figure
from samples.results import settings, variant


def test_each_published_figure_has_a_row_with_all_that_is_compared_with_it():
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("score", ["conv1"], "stochastic", "running_mean"),
            variant("local", ["conv1"], "stochastic", "local_expectation"),
            variant("other local", ["conv2"], "stochastic", "local_expectation"),
            variant("frozen", ["conv1"], "stochastic", "none", published="score"),
        ]
    }
    accuracies = {"plain": 98.0, "score": 95.0, "local": 97.0, "other local": 96.0, "frozen": 90.0}
    metrics = pd.DataFrame(
        [
            {"variant": name, "seed": seed, "accuracy": accuracy + 0.5 * seed}
            for name, accuracy in accuracies.items()
            for seed in range(3)
        ]
    )
    figures = {"plain": 98.5, "score": 90.5, "frozen": 90.5}
    published = pd.DataFrame({"accuracy": figures})
    axis = published_figure([(chosen, metrics, published)]).axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == [
        "no binary layer",
        "stochastic, published as REINFORCE",
        "conv1",
    ]
    drawn = [(line.get_marker(), *line.get_xydata()[0]) for line in axis.lines]
    points = [(marker, x, y) for marker, x, y in drawn if marker != "None"]
    assert [point[:2] for point in points] == [
        ("D", 98.5),
        ("o", pytest.approx(98.5)),
        ("D", 90.5),
        ("^", pytest.approx(95.5)),
        ("s", pytest.approx(90.5)),
        ("v", pytest.approx(97.5)),
    ]
    plain, _, reinforce = axis.get_yticks()
    rows = [plain] * 2 + [reinforce] * 4
    assert [y for *_, y in points] == pytest.approx(rows, abs=0.3)
    lines = [line.get_xdata() for line in axis.lines if line.get_marker() == "None"]
    assert list(lines[0]) == [98.0, 99.0]


def test_a_published_variant_that_the_study_lacks_is_drawn_by_what_is_compared_with_it():
    chosen = settings() | {
        "variants": [variant("frozen", ["conv1"], "stochastic", "none", published="score")]
    }
    metrics = pd.DataFrame([{"variant": "frozen", "seed": 0, "accuracy": 90.0}])
    published = pd.DataFrame({"accuracy": {"frozen": 90.5}})
    axis = published_figure([(chosen, metrics, published)]).axes[0]
    drawn = [(line.get_marker(), line.get_xdata()[0]) for line in axis.lines]
    assert drawn == [("D", 90.5), ("None", 90.0), ("s", 90.0)]
    assert axis.get_yticklabels()[0].get_text() == "stochastic, published as REINFORCE"
