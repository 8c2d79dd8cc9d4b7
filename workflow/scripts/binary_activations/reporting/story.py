"""The study in short: a list for each of its questions, with numbers from the results."""

import math

from binary_activations.reporting.comparisons import BASE_SLOPE, CLEAR, QUESTIONS
from binary_activations.reporting.labels import EMBEDDED_NOTICE
from binary_activations.reporting.noise import MOST_SEEDS
from binary_activations.study.tasks import is_few_shot

ONE_SEED = "They come from one seed, which says nothing about their spread, so none is judged."
ALONE = 3  # estimators whose undecided places have a sentence each
OF_ONE_FACTOR = ("estimator", "options", "units", "slope", "network")
INTERVAL = "± is half the width of the 95 % interval over seeds"
NEEDED = (
    "Seeds that a difference needs would show one of its size four times in five. Where seeds "
    "alone cannot decide, the difference is near 0, or the test images are too few."
)


def _interval(studies):
    """Says what intervals are over: few-shot seeds have test episodes of their own."""
    of_images = [settings for settings, *_ in studies if not is_few_shot(settings["dataset"])]
    if not of_images:
        return f"{INTERVAL}, each with its own test episodes."
    if len(of_images) == len(studies):
        return f"{INTERVAL} and test images."
    return f"{INTERVAL} and, for {of_images[0]['title']}, test images."


def _size(row):
    """Returns a difference without its sign, and its interval, if it has one."""
    return _signed(row).lstrip("+-")


def _undecided(row):
    """Says, in brackets, that a difference is not clear, and what would decide it."""
    if row["clear"] is not False:
        return ""
    why = "not clear once corrected" if row["ci95"] < abs(row["difference"]) else "not clear"
    return f" ({why}; {_needed(row['seeds_needed'])})"


def _needed(seeds):
    """Says how many seeds would decide a difference."""
    if math.isinf(seeds):
        return "seeds alone cannot decide"
    return (
        f"needs about {seeds:.0f} seeds"
        if seeds <= MOST_SEEDS
        else f"needs more than {MOST_SEEDS} seeds"
    )


def _and(layers):
    """Returns the names of layers as they stand in a sentence."""
    return " and ".join(layers.rsplit(", ", 1))


def _signed(row):
    """Returns a difference with its interval, if it has one."""
    interval = "" if math.isnan(row["ci95"]) else f" ± {row['ci95']:.2f}"
    return f"{row['difference']:+.2f}{interval}"


def _records(table, question):
    return table[table["question"] == question].to_dict("records")


def _plain_accuracy(settings, metrics):
    plain = [variant for variant in settings["variants"] if not variant["layers"]]
    slopes = [variant["slope"] for variant in settings["variants"] if variant["layers"]]
    # That which costs are differences from: of the slope at which they are compared.
    slope = BASE_SLOPE if BASE_SLOPE in slopes else slopes[0]
    alike = [v for v in plain if v["slope"] == slope and not v["network"]]
    name = (alike or plain)[0]["name"]
    return metrics.loc[metrics["variant"] == name, "accuracy"].mean()


def _cost(settings, metrics, table):
    rows = _records(table, "cost")
    if not rows:
        return
    unlike = {row["within"] for row in _records(table, "place") if row["clear"] is True}
    yield (
        f"On {settings['title']}, the network without a binary layer reaches "
        f"{_plain_accuracy(settings, metrics):.2f} % test accuracy."
    )
    for estimator in dict.fromkeys(row["within"] for row in rows):
        of_estimator = [row for row in rows if row["within"] == estimator]
        whole = [row for row in of_estimator if row["level"] == "one binary layer"]
        several = [row for row in of_estimator if "," in row["level"]]
        single = [row for row in of_estimator if row not in whole + several]
        # A mean of costs that clearly differ is no answer.
        shown = single if estimator in unlike or not whole else whole
        yield f"With {estimator}, {_costs(shown + several)}."


def _costs(rows):
    """Says what layers cost, the verb and the unit once: `conv1 costs 0.84 points; conv2 6.69`."""
    told, before = [], None
    for row in rows:
        verb = "gain" if row["difference"] > 0 else "cost"
        ending = "" if "," in row["level"] else "s"
        costs, points = ("", "") if verb == before else (f" {verb}{ending}", " points")
        told.append(f"{_and(row['level'])}{costs} {_size(row)}{points}{_undecided(row)}")
        before = verb
    return "; ".join(told)


def _place(settings, metrics, table):
    costs = {(row["within"], row["level"]): _signed(row) for row in _records(table, "cost")}
    rows = _records(table, "place")
    estimators = dict.fromkeys(row["within"] for row in rows)
    undecided = [row for row in rows if row["clear"] is False]
    if len(rows) == len(estimators) and len(undecided) > ALONE:
        yield f"On {settings['title']}, {_undecided_places(undecided)}."
        estimators = dict.fromkeys(row["within"] for row in rows if row not in undecided)
    for estimator in estimators:
        pairs = [row for row in rows if row["within"] == estimator]
        if len(pairs) == 1:
            told = f", {_more(pairs[0])}"
        elif math.isnan(pairs[0]["ci95"]):
            told = ""  # nothing is judged, so no pair stands out
        else:
            told = f", {_clear_pairs(pairs)}"
        layers = dict.fromkeys(name for row in pairs for name in (row["reference"], row["level"]))
        changes = ", ".join(
            f"{layer} {costs[estimator, layer]}" for layer in layers if (estimator, layer) in costs
        )
        start = f"On {settings['title']}, with {estimator}"
        if any(row["clear"] is True for row in pairs):  # then costs are told by layer
            yield f"{start}{told}."
        else:
            change = f"{told}. Change by layer: " if told else ", change by layer: "
            yield f"{start}{change}{changes}."


def _undecided_places(rows):
    """Says with which estimators two layers do not clearly differ."""
    each = ", ".join(f"{row['within']} ({_signed(row)})" for row in rows)
    fewest = min(row["seeds_needed"] for row in rows)
    needed = _needed(fewest) + " or more" * (fewest <= MOST_SEEDS)
    return f"{rows[0]['level']} against {rows[0]['reference']} is not clear with {each}; {needed}"


def _clear_pairs(pairs):
    """Says which pairs of layers differ clearly, by the shorter list."""
    clear, others = (
        [f"{row['reference']} and {row['level']}" for row in pairs if row["clear"] is judged]
        for judged in (True, False)
    )
    if not others:
        return f"all {len(pairs)} pairs of layers differ clearly"
    if not clear:
        return "no pair of layers differs clearly"
    if len(others) < len(clear):
        return f"all pairs of layers differ clearly but {'; '.join(others)}"
    return f"of {len(pairs)} pairs of layers, these differ clearly: {'; '.join(clear)}"


def _more(row):
    """Says which of two layers costs more."""
    layer, other = row["level"], row["reference"]
    if row["difference"] > 0:
        layer, other = other, layer
    return f"{layer} costs {_size(row)} points more than {other}{_undecided(row)}"


def _factor(question):
    def sentences(settings, metrics, table):
        rows = _records(table, question)
        unlike = [row for row in _records(table, "interaction") if row["clear"] is True]
        modes = {variant["mode"] for variant in settings["variants"]}
        several = sum(row["within"] not in modes for row in rows) > 1
        for level, reference in dict.fromkeys((row["level"], row["reference"]) for row in rows):
            compared = level, reference
            alike = [row for row in rows if (row["level"], row["reference"]) == compared]
            by_mode = [row for row in alike if row["within"] in modes]
            parts = [row for row in alike if row not in by_mode]
            mean = parts.pop() if parts[-1]["within"] == "mean" else None
            name = level if reference == "without" else f"{level} against {reference}"
            places = [row for row in unlike if row["within"] == name]
            kinds = [
                row for row in unlike if (row["level"], row["reference"]) == compared and by_mode
            ]
            if places or kinds:
                # A mean of differences that are clearly not the same is no answer.
                told = [(row, row["within"]) for row in parts if places]
                told += [(row, f"{row['within']} units") for row in by_mode if kinds]
                change = _changes(told)
            elif mean:
                each = ", ".join(f"{_and(row['within'])} {_signed(row)}" for row in parts)
                change = f"{_change(mean)}, as a mean of {each}"
            elif several:
                change = _changes([(row, row["within"]) for row in parts])
            else:
                (only,) = parts
                change = _change(only)
            unlikeness = _unlike_places(places) + _unlike_kinds(kinds)
            yield f"On {settings['title']}, {name} {change}.{unlikeness}"

    return sentences


def _change(row):
    verb = "lowers" if row["difference"] < 0 else "raises"
    return f"{verb} accuracy by {_size(row)} points{_undecided(row)}"


def _changes(rows):
    """Says several differences (and with what each is), the verb and the unit once."""
    (first, within), *others = rows
    told = [f"{_signed(first)} points with {_and(within)}{_undecided(first)}"]
    told += [f"{_signed(row)} with {_and(name)}{_undecided(row)}" for row, name in others]
    return f"changes accuracy by {'; '.join(told)}"


def _unlike_places(rows):
    """Says where a difference is clearly another than in the first place."""
    if not rows:
        return ""
    those = ", or with ".join(_and(row["level"]) for row in rows)
    comma = "," if len(rows) > 1 else ""
    return f" This is clearly not the same with {those}{comma} as with {rows[0]['reference']}."


def _unlike_kinds(rows):
    """Says that a difference is clearly another with one kind of units than with the other."""
    pairs = (row["within"].split(" against ") for row in rows)
    return "".join(
        f" This is clearly not the same with {kind} units as with {other} ones."
        for kind, other in pairs
    )


ANSWERS = {
    "cost": _cost,
    "place": _place,
    **{question: _factor(question) for question in OF_ONE_FACTOR},
}


def story(studies, further=()):
    """Writes a list of answers to each question that the study's variants answer.

    Args:
        studies: for each data set its `Study.result_settings`, metrics (as
            `tables.read_metrics`, for Omniglot of the first task) and table of
            `comparisons.comparisons`.
        further: the same for further tasks, of which just the cost of binary layers is told.

    Returns:
        Text that is markdown and reStructuredText alike. Differences are of test accuracy, in
        percentage points, with their 95 % intervals.
    """
    parts = [EMBEDDED_NOTICE] if studies[0][0]["origin"] == "embedded" else []
    answered = False
    for question, answer in ANSWERS.items():
        sentences = [sentence for study in studies for sentence in answer(*study)]
        if question == "cost":
            sentences += filter(None, (" ".join(answer(*study)) for study in further))
        if sentences:
            answered = True
            parts.append(f"**{QUESTIONS[question]}**")
            parts.append("\n".join(f"- {sentence}" for sentence in sentences))
    if answered:
        several = len(studies[0][0]["seeds"]) > 1
        note = f"{_interval(studies)} {CLEAR} {NEEDED}" if several else ONE_SEED
        parts.append(f"Differences are of test accuracy, in percentage points. {note}")
    return "\n\n".join(parts) + "\n"
