"""Figures of the results."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from binary_activations.figures import results as figures
from binary_activations.figures.style import write_pictures
from binary_activations.reporting.tables import (
    read_metrics,
)
from samples.results import VARIANTS, settings, table


def test_figures_are_the_same_bytes_twice(tmp_path, results):
    chosen = settings()
    frame = pd.DataFrame({"epoch": [0, 1], "validation_loss": [1.0, 0.5]})
    frame["validation_accuracy"] = [0.5, 0.8]
    histories = {variant["name"]: [frame, frame] for variant in VARIANTS}
    metrics = read_metrics(chosen, results)

    def draw():
        return [
            picture_bytes(tmp_path, figures.curves_figure(histories, chosen)),
            picture_bytes(tmp_path, figures.accuracy_figure(metrics, table(results)[0], chosen)),
        ]

    first = draw()
    assert all(png.startswith(b"\x89PNG") and b"<svg" in svg for png, svg in first)
    assert first == draw()


def picture_bytes(tmp_path, figure):
    paths = [tmp_path / f"figure.{kind}" for kind in ("png", "svg")]
    write_pictures(paths, figure)
    return [path.read_bytes() for path in paths]


def test_curves_are_of_training_where_nothing_was_validated():
    columns = ["training_loss", "training_accuracy", "validation_loss", "validation_accuracy"]
    validated = pd.DataFrame([[0, 2.0, 0.4, 1.0, 0.5], [1, 1.0, 0.7, 0.5, 0.8]])
    validated.columns = ["epoch", *columns]
    for frame, stage in (
        (validated, "validation"),
        (validated.assign(validation_loss=float("nan")), "training"),
    ):
        histories = {variant["name"]: [frame, frame] for variant in VARIANTS}
        upper = figures.curves_figure(histories, settings()).axes[0]
        assert upper.get_ylabel() == f"{stage} loss (nats)"
        drawn = upper.lines[0].get_ydata().tolist()
        assert drawn == frame[f"{stage}_loss"].tolist()


@pytest.mark.parametrize(
    ("lowest", "highest", "marks"),
    [
        (80.7, 99.0, ["80", "90", "95", "98", "99"]),
        (97.6, 98.6, ["97", "97.5", "98", "98.5", "99"]),
    ],
)
def test_an_axis_of_accuracies_has_marks_however_narrow_it_is(lowest, highest, marks):
    axis = Figure().subplots()
    figures.error_scale(axis, "x", lowest, highest)
    assert [label.get_text() for label in axis.get_xticklabels()] == marks
    at = axis.transData.transform([[accuracy, 0] for accuracy in (80, 90, 95)])[:, 0]
    assert at[1] - at[0] == pytest.approx(at[2] - at[1])  # halving the error is one step
