"""Rows of a figure, below the names of their groups."""

import textwrap

from binary_activations.reporting.labels import groups, series_names

ROW = 0.24  # inches
WIDTH = 40  # characters of a line
GAP = 0.5  # rows between groups


def variant_rows(settings):
    """Returns the variants as rows: pairs of a group's name and the labels of its rows, which are
    the variants' binary layers. Of a network without any the group's name says enough."""
    series, plain, binary = series_names(settings), [], []
    for group, rows in groups(settings):
        names = [series[row["name"]] for row in rows]
        if rows[0]["layers"]:
            binary.append((group, names))
        else:
            plain.append((group, [group if name == "none" else name for name in names]))
    return plain + turned(binary)


def turned(parts):
    """Returns groups of one row each, all of the same label, as the rows of one group of that
    label; and others as they are."""
    labels = {tuple(rows) for _, rows in parts}
    if len(parts) == 1 or len(labels) != 1 or len(parts[0][1]) != 1:
        return parts
    return [(parts[0][1][0], [group for group, _ in parts])]


def ordered_variants(settings):
    """Returns the variants in the order of `variant_rows`."""
    return [variant for _, rows in groups(settings) for variant in rows]


def rows_height(parts, row=ROW):
    """Returns the height of an axis with `label_rows`, in inches, of which each line has `row`."""
    lines = sum(len(_lines(name)) for name, rows in parts if _is_headed(name, rows))
    lines += sum(len(_lines(label)) for _, rows in parts for label in rows)
    return row * (lines + GAP * len(parts) + 0.5)


def label_rows(axis, parts):
    """Labels the rows of an axis, the first on top, each group below its name in bold.

    Args:
        axis: the `matplotlib.axes.Axes`; its y limits are set.
        parts: pairs of a group's name and the labels of its rows. A group whose one row has the
            group's name has no name above it.

    Returns:
        The height of each row, in the order of the labels.
    """
    heights, ticks, labels, weights = [], [], [], []
    height = 0.0
    for name, rows in parts:
        headed = _is_headed(name, rows)
        for label in [*[name] * headed, *rows]:
            lines = _lines(label)
            ticks.append(height + (len(lines) - 1) / 2)
            labels.append("\n".join(lines))
            height += len(lines)
        weights += ["bold"] * headed + ["normal"] * len(rows)
        heights += ticks[-len(rows) :]
        height += GAP
    axis.set_yticks(ticks, labels)
    for label, weight in zip(axis.get_yticklabels(), weights, strict=True):
        label.set_fontweight(weight)
    axis.set_ylim(height - GAP - 0.25, -0.75)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="y", visible=False)
    return heights


def _lines(label):
    return textwrap.wrap(label, WIDTH, break_on_hyphens=False) or [label]


def _is_headed(name, rows):
    return rows != [name]
