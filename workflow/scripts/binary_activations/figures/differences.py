"""The figure of a study's comparisons."""

import math

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from binary_activations.figures.rows import label_rows, rows_height, turned
from binary_activations.figures.style import COLOURS, REFERENCE, picture, styled
from binary_activations.reporting.comparisons import NO_PAIRS, QUESTIONS

COLOUR = COLOURS[0]
LINEAR = 0.5  # points around 0 within which the scale is linear
MARKS = [-30, -10, -3, -1, -0.5, 0, 0.5, 1, 3, 10, 30]


@styled
def differences_figure(table, title):
    """Draws differences with their intervals, a panel for each question.

    How one answer depends on another is left to the table: rows of one answer show it side by side.

    Args:
        table: as `comparisons.comparisons` returns it.
        title: of the data.

    Returns:
        A `Figure`. A filled marker is a clear difference. The scale is linear around 0 and, where
        there are differences of more than a point, logarithmic beyond.
    """
    table = table[table["question"] != "interaction"]
    if table.empty:
        figure, _ = picture(7.0, 0.1, NO_PAIRS)
        return figure
    panels = {question: _grouped(rows) for question, rows in table.groupby("question", sort=False)}
    heights = [rows_height(_labels(found)) for found in panels.values()]
    size = (7.2, sum(heights) + 0.35 * len(heights) + 1.2)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(heights), squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for axis, (question, found) in zip(grid, panels.items(), strict=True):
        _panel(axis, found)
        axis.set_title(QUESTIONS[question], loc="left")
    largest = 1.1 * (table["difference"].abs() + table["ci95"].fillna(0)).max() + 0.1
    axis.set_xlim(-largest, largest)
    axis.set_xlabel("points of test accuracy")
    if largest > 2 * LINEAR:
        axis.set_xscale("symlog", linthresh=LINEAR)
        marks = [mark for mark in MARKS if abs(mark) < largest]
        axis.set_xticks(marks, [f"{mark:g}" for mark in marks])
        axis.minorticks_off()
        axis.set_xlabel("points of test accuracy; logarithmic beyond ±0.5")
    if table["clear"].notna().any():
        handles = [
            Line2D([], [], color=COLOUR, marker="o", label="clear, with its 95 % interval"),
            Line2D([], [], color=COLOUR, marker="o", mfc="white", label="not clear"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=2)
    figure.suptitle(f"Differences in test accuracy, {title}")
    return figure


def _grouped(rows):
    """Returns a question's rows, each with its label, by the name of their group."""
    grouped = {}
    for row in rows.to_dict("records"):
        compared = row["level"]
        if row["reference"] not in ("none", "without"):
            compared = f"{compared} against {row['reference']}"
        group, label = compared, row["within"]
        if row["question"] in ("cost", "place"):
            group, label = label, group
        grouped.setdefault(group, []).append((label, row))
    return grouped


def _labels(grouped):
    return turned([(group, [label for label, _ in rows]) for group, rows in grouped.items()])


def _panel(axis, grouped):
    heights = label_rows(axis, _labels(grouped))
    rows = [row for found in grouped.values() for _, row in found]
    axis.axvline(0, color=REFERENCE, lw=1)
    for height, row in zip(heights, rows, strict=True):
        face = COLOUR if row["clear"] is True else "white"
        if not math.isnan(row["ci95"]):
            axis.errorbar(row["difference"], height, xerr=row["ci95"], color=COLOUR)
        axis.plot(row["difference"], height, "o", color=COLOUR, mfc=face, ms=5)
