"""The study in short: a paragraph for each of its questions, with numbers from the results."""

import math

import numpy as np

from binary_activations.labels import EMBEDDED_NOTICE
from binary_activations.tables import t_interval

COUNTS = {1: "one binary layer", 2: "two", 3: "three", 4: "four"}


def _points(by_seed):
    """A mean difference with its interval, as text, and whether it is larger than its noise."""
    difference, interval = np.mean(by_seed), t_interval(by_seed)
    if math.isnan(interval):
        return f"{difference:+.2f} points", "one seed does not tell its noise"
    larger = "more" if abs(difference) > interval else "no more"
    return f"{difference:+.2f} ± {interval:.2f} points", f"{larger} than its noise"


def _mean_by_seed(rows):
    return np.mean(list(rows["by_seed"]), axis=0)


def _mean_of(rows, what):
    return f"mean of {len(rows)} {what}s" if len(rows) > 1 else f"one {what}"


def _straight_through(settings, differences):
    """The straight-through variants beside the network without a binary layer, and their layers."""
    layers = {
        variant["name"]: variant["layers"]
        for variant in settings["variants"]
        if variant["estimator"] == "straight_through"
    }
    rows = differences[differences["differs"] == "binary layers"]
    rows = rows[rows["variant"].isin(layers)]
    return rows.assign(layers=rows["variant"].map(layers)) if len(rows) else rows


def _cost(settings, metrics, differences):
    rows = _straight_through(settings, differences)
    if rows.empty:
        return
    plain = metrics.loc[metrics["variant"] == rows["reference"].iloc[0], "accuracy"].mean()
    changes = []
    for count, alike in rows.groupby(rows["layers"].map(len)):
        points, verdict = _points(_mean_by_seed(alike))
        name = COUNTS.get(count, f"{count} layers")
        by = "changes that by " if not changes else "by "
        changes.append(f"{name} {by}{points} ({_mean_of(alike, 'variant')}; {verdict})")
    yield (
        f"On {settings['title']}, the network without a binary layer is right {plain:.2f} % of the "
        f"time. With straight-through training, {', '.join(changes)}."
    )


def _place(settings, metrics, differences):
    rows = _straight_through(settings, differences)
    if rows.empty:
        return
    single = rows[rows["layers"].map(len) == 1]
    by_layer = {layer: _mean_by_seed(alike) for layer, alike in single.groupby("level")}
    if len(by_layer) < 2:
        return
    order = sorted(by_layer, key=lambda layer: -by_layer[layer].mean())
    changes = [f"{layer} {by_layer[layer].mean():+.2f}" for layer in order]
    points, verdict = _points(by_layer[order[-1]] - by_layer[order[0]])
    yield (
        f"On {settings['title']}, by layer, in points from the least harm to the most: "
        f"{', '.join(changes)}. {order[-1]} against {order[0]} is {points}, {verdict}."
    )


def _factor(name):
    def sentences(settings, metrics, differences):
        rows = differences[differences["differs"] == name]
        for (level, reference), alike in rows.groupby(["level", "reference_level"], sort=False):
            points, verdict = _points(_mean_by_seed(alike))
            yield (
                f"On {settings['title']}, {level} in place of {reference}: {points} "
                f"({_mean_of(alike, 'pair')}), {verdict}."
            )

    return sentences


QUESTIONS = {
    "What does a binary layer cost?": _cost,
    "Where in the network?": _place,
    "Which estimator?": _factor("estimator"),
    "Deterministic or stochastic?": _factor("units"),
    "Does slope annealing help?": _factor("slope"),
}


def story(studies):
    """A paragraph for each question that the study's variants answer.

    Args:
        studies: for each data set its `configuration.result_settings`, metrics (as
            `tables.read_metrics`, for Omniglot of the first task) and `differences.differences`.

    Returns:
        Text that is markdown and reStructuredText alike. Differences are of test accuracy, in
        percentage points, with the 95 % interval over the seeds.
    """
    parts = [EMBEDDED_NOTICE] if studies and studies[0][0]["origin"] == "embedded" else []
    answered = False
    for question, answer in QUESTIONS.items():
        sentences = [sentence for study in studies for sentence in answer(*study)]
        if sentences:
            answered = True
            parts.append(f"**{question}** {' '.join(sentences)}")
    if answered:
        parts.append(
            "Differences are of test accuracy, paired by seed; ± is the half-width of the 95 % "
            "interval over the seeds."
        )
    return "\n\n".join(parts) + "\n"
