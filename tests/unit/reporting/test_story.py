"""The study in short, from known metrics."""

import json
import re

from binary_activations.reporting.comparisons import comparisons
from binary_activations.reporting.story import _clear_pairs, _interval, story
from binary_activations.reporting.tables import read_metrics
from samples.results import VARIANTS, classified, settings, variant

ALIKE = [*VARIANTS[:3], variant("c", ["conv1"], "deterministic", "straight_through")]


def told(chosen, folder):
    """The answers by question; what stands below them is under the key `note`."""
    metrics = read_metrics(chosen, folder)
    table, _ = comparisons(metrics, chosen)
    text = story([(chosen, metrics, table)])
    answers = dict(re.findall(r"\*\*(.+?)\*\*\n\n((?:- .+\n)+)", text))
    return answers | {"note": text.strip().split("\n\n")[-1]}


def write(folder, **accuracies):
    for name, values in accuracies.items():
        for seed, accuracy in zip((0, 7), values, strict=True):
            path = folder / "mnist" / name / f"seed{seed}" / "metrics.json"
            path.write_text(json.dumps(classified(1.0, accuracy, images=10000)))


def test_what_is_not_clear_is_told_with_its_interval_and_what_would_decide_it(results):
    chosen = settings() | {"variants": ALIKE}
    write(results, plain=(0.98, 0.96), a=(0.97, 0.96), b=(0.95, 0.96), c=(0.93, 0.95))
    answers = told(chosen, results)
    cost = answers["What does a binary layer cost?"]
    assert "On Title, the network without a binary layer reaches 97.00 % test accuracy." in cost
    size = r"one binary layer costs 1\.67 ± \d+\.\d+ points"
    assert re.search(f"With straight-through, {size} \\(not clear; needs about \\d+ seeds\\)", cost)
    place = answers["Where in the network?"]
    assert re.search(r"conv2 costs 1\.00 ± \d+\.\d+ points more than conv1 \(not clear; ", place)
    assert re.search(r"\)\. Change by layer: conv1 -1\.75 ± [0-9.]+, conv2 -1\.50 ±", place)
    units = answers["Deterministic or stochastic?"]
    assert "deterministic against stochastic lowers accuracy by 2.50 ±" in units
    assert "Which estimator?" not in answers
    assert "95 % interval over seeds and test images." in answers["note"]
    assert "(Holm), is below 0.05." in answers["note"]
    assert "four times in five." in answers["note"]
    for text in answers.values():
        assert "nothing" not in text


def test_what_is_clear_is_told_plainly(results):
    chosen = settings() | {"variants": ALIKE}
    write(results, plain=(0.98, 0.96), a=(0.90, 0.881), b=(0.97, 0.9495), c=(0.955, 0.935))
    answers = told(chosen, results)
    cost = answers["What does a binary layer cost?"]
    assert re.search(r"conv1 costs 5\.2\d ± [0-9.]+ points; conv2 1\.0\d ± [0-9.]+\.\n", cost)
    assert "one binary layer" not in cost
    place = answers["Where in the network?"]
    assert re.search(r"conv1 costs 6\.9\d ± [0-9.]+ points more than conv2\.", place)
    units = answers["Deterministic or stochastic?"]
    assert re.search("deterministic against stochastic raises accuracy by 5.4", units)
    assert "(not clear" not in "".join(answers.values())
    write(results, plain=(0.945, 0.925))
    cost = told(chosen, results)["What does a binary layer cost?"]
    assert re.search(r"conv1 costs 1\.7\d ± [0-9.]+ points; conv2 gains 2\.4\d ± [0-9.]+ po", cost)


def test_what_is_clear_by_itself_alone_is_said_to_be_so(results):
    """Four costs, one of which is small beside the others."""
    chosen = settings() | {"variants": ALIKE}
    write(results, plain=(0.98, 0.96), a=(0.90, 0.881), b=(0.9795, 0.957), c=(0.905, 0.885))
    metrics = read_metrics(chosen, results)
    table, _ = comparisons(metrics, chosen)
    p = table["p"].to_numpy(copy=True)
    row = table.index[table["level"] == "one binary layer"][0]
    corrected = table.assign(p_holm=0.2, ci95=0.1)
    corrected.loc[row, "clear"] = False
    text = story([(chosen, metrics, corrected)])
    assert "(not clear once corrected; " in text
    assert (p == table["p"]).all()


def test_one_seed_is_told_without_a_verdict(results):
    chosen = settings(seeds=[0]) | {"variants": ALIKE}
    answers = told(chosen, results)
    assert "one binary layer costs" in answers["What does a binary layer cost?"]
    assert "They come from one seed" in answers["note"]
    assert not re.search("±|interval|exclude|clear", "".join(answers.values()))
    embedded = chosen | {"origin": "embedded"}
    metrics = read_metrics(embedded, results)
    table, _ = comparisons(metrics, embedded)
    assert story([(embedded, metrics, table)]).startswith("**Demonstration")


def test_an_estimators_mean_is_told_only_where_its_parts_are_alike(results):
    chosen = settings() | {
        "variants": [
            *VARIANTS[:3],
            variant("c", ["conv1"], "stochastic", "local_expectation"),
            variant("d", ["conv2"], "stochastic", "local_expectation"),
        ]
    }
    for seed in (0, 7):
        (results / "mnist" / "d" / f"seed{seed}").mkdir(parents=True)
    write(results, plain=(0.98, 0.96), a=(0.97, 0.95), b=(0.96, 0.94))
    write(results, c=(0.972, 0.951), d=(0.91, 0.8905))
    answers = told(chosen, results)
    estimator = answers["Which estimator?"]
    assert re.search(
        r"On Title, local expectation against straight-through "
        r"changes accuracy by \+0\.15 ± [0-9.]+ points with conv1 \(not clear; .*\); "
        r"-4\.97 ± [0-9.]+ with conv2\. "
        r"This is clearly not the same with conv2 as with conv1\.",
        estimator,
    )
    assert "mean" not in estimator
    write(results, c=(0.972, 0.951), d=(0.962, 0.9415))
    estimator = told(chosen, results)["Which estimator?"]
    assert re.search(r"as a mean of conv1 \+0\.15 ± [0-9.]+, conv2 \+0\.18 ± [0-9.]+\.", estimator)
    assert "not the same" not in estimator


def test_an_estimators_mean_is_told_only_where_both_kinds_of_units_are_alike(results):
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("a", ["conv1"], "stochastic", "straight_through"),
            variant("b", ["conv1"], "deterministic", "straight_through"),
            variant("c", ["conv1"], "stochastic", "local_expectation"),
            variant("d", ["conv1"], "deterministic", "local_expectation"),
        ]
    }
    for seed in (0, 7):
        (results / "mnist" / "d" / f"seed{seed}").mkdir(parents=True)
    write(results, plain=(0.98, 0.96), a=(0.97, 0.95), b=(0.96, 0.94))
    write(results, c=(0.92, 0.901), d=(0.982, 0.9615))
    estimator = told(chosen, results)["Which estimator?"]
    assert re.search(
        r"On Title, local expectation against straight-through "
        r"changes accuracy by -4\.95 ± [0-9.]+ points with stochastic units; "
        r"\+2\.18 ± [0-9.]+ with deterministic units\. "
        r"This is clearly not the same with deterministic units as with stochastic ones\.",
        estimator,
    )
    write(results, c=(0.972, 0.951), d=(0.962, 0.9415))
    estimator = told(chosen, results)["Which estimator?"]
    assert re.search(r"straight-through raises accuracy by 0\.16 ± [0-9.]+ points", estimator)
    assert "units" not in estimator


def test_places_that_are_not_clear_with_many_estimators_are_told_in_one_sentence(results):
    estimators = ["straight_through", "identity_straight_through", "gumbel_softmax", "reinmax"]
    binary = [(layer, name) for name in estimators for layer in ("conv1", "conv2")]
    variants = [variant(f"{name}_{layer}", [layer], "stochastic", name) for layer, name in binary]
    chosen = settings() | {"variants": [variant("plain"), *variants]}
    accuracies = {"plain": (0.98, 0.96)}
    for number, row in enumerate(variants):
        accuracies[row["name"]] = (0.97 - 0.001 * number, 0.955 + 0.001 * (number % 3))
        for seed in (0, 7):
            (results / "mnist" / row["name"] / f"seed{seed}").mkdir(parents=True)
    write(results, **accuracies)
    (place,) = told(chosen, results)["Where in the network?"].splitlines()
    assert place.startswith(
        "- On Title, conv2 against conv1 is not clear with straight-through (+0.00 ± "
    )
    assert re.search(r", ReinMax \(\S+ ± [0-9.]+\); needs more than 100 seeds\.$", place)
    write(results, reinmax_conv2=(0.80, 0.785))
    places = told(chosen, results)["Where in the network?"].splitlines()
    assert len(places) == 4  # of three that are not clear each has its sentence


def test_the_note_says_what_intervals_are_over():
    images, episodes = ({"dataset": d, "title": d.upper()} for d in ("mnist", "omniglot"))
    assert _interval([(images, None, None)]).endswith("over seeds and test images.")
    assert _interval([(episodes, None, None)]).endswith("seeds, each with its own test episodes.")
    both = [(images, None, None), (episodes, None, None)]
    assert _interval(both).endswith("over seeds and, for MNIST, test images.")


def test_pairs_of_layers_that_differ_are_named_by_the_shorter_list():
    names = [("conv1", "conv2"), ("conv1", "conv3"), ("conv2", "conv3")]

    def of(*clear):
        pairs = zip(names, clear, strict=True)
        return _clear_pairs(
            [{"reference": a, "level": b, "clear": judged} for (a, b), judged in pairs]
        )

    assert of(True, True, True) == "all 3 pairs of layers differ clearly"
    assert of(False, False, False) == "no pair of layers differs clearly"
    assert of(False, True, True) == "all pairs of layers differ clearly but conv1 and conv2"
    assert of(False, True, False).endswith("these differ clearly: conv1 and conv3")


def test_of_further_tasks_the_cost_is_told_in_one_sentence_each(results):
    chosen = settings() | {"variants": ALIKE}
    metrics = read_metrics(chosen, results)
    table, _ = comparisons(metrics, chosen)
    other = (chosen | {"title": "Title, harder"}, metrics, table)
    alone = story([(chosen, metrics, table)])
    both = story([(chosen, metrics, table)], [other]).splitlines()
    (added,) = set(both) - set(alone.splitlines())
    assert added.startswith("- On Title, harder, the network without a binary layer reaches")
    assert "test accuracy. With straight-through, " in added
