"""The study in short: a paragraph for each of its questions, with numbers from the results."""

import math

import numpy as np

from binary_activations.reporting.intervals import t_interval
from binary_activations.reporting.labels import EMBEDDED_NOTICE

# By whether there are several seeds.
NOISE = {
    True: ", paired by seed; ± is the half-width of the 95 % interval over the seeds. We call a "
    "difference clear when its interval excludes zero.",
    False: ". They come from one seed, which says nothing about their spread.",
}
COUNTS = {1: "one binary layer", 2: "two", 3: "three", 4: "four"}


def _is_clear(by_seed):
    """Tells whether a mean difference exceeds its interval; None where one seed cannot tell."""
    interval = t_interval(by_seed)
    return None if math.isnan(interval) else bool(abs(np.mean(by_seed)) > interval)


def _points(by_seed):
    """Returns a mean difference with its interval, as text."""
    return f"{np.mean(by_seed):+.2f}{_noise(by_seed)} points"


def _size(by_seed):
    """Returns the size of a mean difference with its interval, for text that states its sign."""
    return f"{abs(np.mean(by_seed)):.2f}{_noise(by_seed)} points"


def _noise(by_seed):
    interval = t_interval(by_seed)
    return "" if math.isnan(interval) else f" ± {interval:.2f}"


def _not_excluded(by_seed):
    """Says that an interval holds zero."""
    return f"{len(by_seed)} seeds cannot exclude zero"


def _mean_by_seed(rows):
    return np.mean(list(rows["by_seed"]), axis=0)


def _mean_of(rows, what):
    return f"mean of {len(rows)} {what}s" if len(rows) > 1 else f"one {what}"


def _straight_through(settings, differences):
    """Returns the straight-through variants' differences from the real network, with layers."""
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
    costs = []
    for count, alike in rows.groupby(rows["layers"].map(len)):
        change, over = _mean_by_seed(alike), _mean_of(alike, "variant")
        name, s = COUNTS.get(count, f"{count} layers"), "s" if count == 1 else ""
        match _is_clear(change):
            case None:
                verdict = f"change{s} accuracy by {_points(change)} ({over})"
            case False:
                verb = "cost" if change.mean() < 0 else "gain"
                verdict = f"{verb}{s} {_size(change)} ({over}; {_not_excluded(change)})"
            case True if change.mean() < 0:
                verdict = f"cost{s} {_size(change)} ({over})"
            case True:
                verdict = f"gain{s} {_size(change)} ({over})"
        costs.append(f"{name} {verdict}")
    yield (
        f"On {settings['title']}, trained straight-through, {'; '.join(costs)}. The network "
        f"without a binary layer reaches {plain:.2f} % test accuracy."
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
    least, most = order[0], order[-1]
    changes = ", ".join(f"{layer} {by_layer[layer].mean():+.2f}" for layer in order)
    gap = by_layer[most] - by_layer[least]
    match _is_clear(gap):
        case None:
            verdict = f"{most} costs {_size(gap)} more than {least}"
        case False:
            verdict = f"{most} costs {_size(gap)} more than {least}, and {_not_excluded(gap)}"
        case True:
            verdict = f"{most} costs most, {_size(gap)} more than {least}"
    yield f"On {settings['title']}, {verdict}. Change by layer, in points: {changes}."


def _factor(name):
    def sentences(settings, metrics, differences):
        rows = differences[differences["differs"] == name]
        for (level, reference), alike in rows.groupby(["level", "reference_level"], sort=False):
            change, over = _mean_by_seed(alike), _mean_of(alike, "pair")
            match _is_clear(change):
                case None:
                    verdict = f"{level} against {reference}: {_points(change)} ({over})"
                case False:
                    verdict = (
                        f"{level} against {reference}: {_points(change)} ({over}; "
                        f"{_not_excluded(change)})"
                    )
                case True:
                    better, worse = (level, reference) if change.mean() > 0 else (reference, level)
                    verdict = f"{better} is better than {worse}, by {_size(change)} ({over})"
            yield f"On {settings['title']}, {verdict}."

    return sentences


QUESTIONS = {
    "What does a binary layer cost?": _cost,
    "Where in the network?": _place,
    "Which estimator?": _factor("estimator"),
    "Deterministic or stochastic?": _factor("units"),
    "Does slope annealing help?": _factor("slope"),
}


def story(studies):
    """Writes a paragraph for each question that the study's variants answer.

    Args:
        studies: for each data set its `Study.result_settings`, metrics (as
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
        several = len(studies[0][0]["seeds"]) > 1
        parts.append(f"Differences are of test accuracy, in percentage points{NOISE[several]}")
    return "\n\n".join(parts) + "\n"
