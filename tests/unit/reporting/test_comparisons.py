"""What is compared with what, and the verdicts."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from binary_activations.reporting.comparisons import comparisons, comparisons_markdown
from binary_activations.reporting.tables import read_metrics
from binary_activations.study.study import Study
from samples.configurations import CONFIG
from samples.results import VARIANTS, settings, variant

STRAIGHT, PLAIN, LOCAL = "straight-through", "REINFORCE", "local expectation"
MODES = ["stochastic", "deterministic"]


def metrics_of(chosen, accuracy, seeds=3):
    """A row for each variant and seed; `accuracy` is a function of the variant's row and seed."""
    rows = [
        {"variant": row["name"], "seed": seed, "accuracy": accuracy(row, seed)}
        for row in chosen["variants"]
        for seed in range(seeds)
    ]
    metrics = pd.DataFrame(rows)
    return metrics.assign(task=chosen["tasks"][0]) if "tasks" in chosen else metrics


def noise(row, seed):
    return 98.0 + 0.1 * seed + 0.2 * math.sin(7 * len(row["name"]) * (seed + 1))


def asked(table, question):
    columns = ["level", "reference", "within", "pairs"]
    return table.loc[table["question"] == question, columns].to_numpy().tolist()


def test_the_study_asks_these_questions_of_mnist():
    chosen = Study(CONFIG).result_settings("mnist")
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    both = "conv1, conv2"
    assert asked(table, "cost") == [
        row
        for estimator in (STRAIGHT, PLAIN, LOCAL)
        for row in (
            *([layers, "none", estimator, 2] for layers in ("conv1", "conv2", both)),
            ["one binary layer", "none", estimator, 4],
        )
    ]
    assert asked(table, "place") == [
        ["conv2", "conv1", estimator, 2] for estimator in (STRAIGHT, PLAIN, LOCAL)
    ]
    assert asked(table, "estimator") == [
        row
        for estimator in (PLAIN, LOCAL)
        for row in (
            *([estimator, STRAIGHT, layers, 2] for layers in ("conv1", "conv2", both)),
            *([estimator, STRAIGHT, mode, 3] for mode in ("stochastic", "deterministic")),
            [estimator, STRAIGHT, "mean", 6],
        )
    ]
    assert asked(table, "units") == [
        *(["deterministic", "stochastic", name, 3] for name in (STRAIGHT, PLAIN, LOCAL)),
        ["deterministic", "stochastic", "mean", 9],
    ]
    assert asked(table, "slope") == []
    assert [row[:3] for row in asked(table, "interaction")] == [
        *(
            [layers, "conv1", f"{estimator} against {STRAIGHT}"]
            for estimator in (PLAIN, LOCAL)
            for layers in ("conv2", both)
        ),
        *([name, STRAIGHT, "deterministic against stochastic"] for name in (PLAIN, LOCAL)),
    ]


def test_the_study_asks_these_questions_of_omniglot():
    chosen = Study(CONFIG).result_settings("omniglot")
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    layers = ["conv1", "conv2", "conv3", "conv4"]
    assert asked(table, "cost") == [
        *([name, "none", STRAIGHT, 1] for name in layers),
        ["one binary layer", "none", STRAIGHT, 4],
    ]
    # Every pair of layers, so that none is picked by its result.
    assert len(asked(table, "place")) == 6
    assert set(table["question"]) == {"cost", "place"}


def test_slopes_are_compared_within_each_estimator():
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("plain steep", slope="steep"),
            variant("a steep", ["conv1"], "stochastic", "straight_through", slope="steep"),
            variant("a", ["conv1"], "stochastic", "straight_through"),
            variant("c", ["conv1"], "stochastic", "local_expectation"),
            variant("c steep", ["conv1"], "stochastic", "local_expectation", slope="steep"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "slope") == [
        ["steep", "constant", "no binary layer", 1],
        ["steep", "constant", STRAIGHT, 1],
        ["steep", "constant", f"{STRAIGHT} beyond what it does without a binary layer", 1],
        ["steep", "constant", LOCAL, 1],
        ["steep", "constant", f"{LOCAL} beyond what it does without a binary layer", 1],
    ]
    # All else is compared at the constant slope.
    assert asked(table, "cost") == [
        ["conv1", "none", STRAIGHT, 1],
        ["conv1", "none", LOCAL, 1],
    ]


def test_slopes_are_compared_within_each_kind_of_units():
    names = [(mode, slope) for slope in ("constant", "steep") for mode in MODES]
    chosen = settings() | {
        "variants": [
            variant(f"{mode} {slope}", ["conv1"], mode, "straight_through", slope=slope)
            for mode, slope in names
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "slope") == [
        ["steep", "constant", STRAIGHT, 2],
        *(["steep", "constant", mode, 1] for mode in MODES),
    ]
    kinds = "deterministic against stochastic"
    assert asked(table, "interaction") == [["steep", "constant", kinds, 1]]
    # The kinds are compared at the constant slope alone.
    assert asked(table, "units") == [["deterministic", "stochastic", STRAIGHT, 1]]


def test_other_estimators_are_compared_with_no_gradient_where_there_is_one():
    chosen = settings() | {
        "variants": [
            variant("a", ["conv1"], "stochastic", "running_mean"),
            variant("b", ["conv1"], "stochastic", "none"),
            variant("c", ["conv1"], "stochastic", "local_expectation"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "estimator") == [
        [PLAIN, "no gradient", "conv1", 1],
        [LOCAL, "no gradient", "conv1", 1],
    ]


def test_other_estimators_are_compared_with_straight_through_wherever_it_stands():
    chosen = settings() | {
        "variants": [
            variant("signed", ["conv1"], "stochastic", "straight_through", label="signed"),
            variant("c", ["conv1"], "stochastic", "local_expectation"),
            variant("a", ["conv1"], "stochastic", "straight_through", label="plain"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "estimator") == [[LOCAL, "plain", "conv1", 1]]
    assert asked(table, "options") == [["signed", "plain", "conv1", 1]]


def test_a_learning_rate_that_alone_tells_variants_apart_has_a_name():
    stochastic = (["conv1"], "stochastic", "straight_through")
    deterministic = (["conv1"], "deterministic", "straight_through")
    chosen = settings() | {
        "variants": [
            variant("slow stochastic", *stochastic, learning_rate=0.03),
            variant("slow deterministic", *deterministic, learning_rate=0.03),
            variant("stochastic", *stochastic),
            variant("deterministic", *deterministic),
            variant("other", ["conv2"], "stochastic", "straight_through", learning_rate=0.1),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    slow = f"{STRAIGHT}, learning rate 0.03"
    assert asked(table, "options") == [
        [slow, STRAIGHT, "conv1", 2],
        [slow, STRAIGHT, "stochastic", 1],
        [slow, STRAIGHT, "deterministic", 1],
    ]


def test_costs_are_told_beside_the_network_of_the_same_learning_rate():
    stochastic = (["conv1"], "stochastic", "straight_through")
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("slow plain", learning_rate=0.03),
            variant("binary", *stochastic),
            variant("slow", *stochastic, learning_rate=0.03),
            variant("other", ["conv2"], "stochastic", "straight_through", learning_rate=0.1),
        ]
    }
    accuracies = {"plain": 98.0, "slow plain": 99.0, "binary": 97.0, "slow": 98.5, "other": 97.5}
    table, _ = comparisons(metrics_of(chosen, lambda row, seed: accuracies[row["name"]]), chosen)
    costs = table[table["question"] == "cost"].set_index(["level", "within"])["difference"]
    slow = f"{STRAIGHT}, learning rate 0.03"
    assert costs["conv1", STRAIGHT] == pytest.approx(-1.0)
    assert costs["conv1", slow] == pytest.approx(-0.5)
    assert costs["conv2", STRAIGHT] == pytest.approx(-0.5)


def test_networks_of_their_own_are_compared_with_the_data_sets():
    sigmoid = {"activations": {"conv2": "hard_sigmoid"}, "network": "hard sigmoid in conv2"}
    chosen = settings() | {
        "variants": [
            variant("sigmoid", **sigmoid),
            variant("plain"),
            variant("a", ["conv1"], "stochastic", "straight_through"),
            variant("b", ["conv2"], "stochastic", "straight_through"),
            variant("b scaled", ["conv2"], "stochastic", "straight_through", network="scale"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "cost") == [
        ["conv1", "none", STRAIGHT, 1],
        ["conv2", "none", STRAIGHT, 1],
        ["one binary layer", "none", STRAIGHT, 2],
    ]
    assert asked(table, "network") == [
        ["hard sigmoid in conv2", "without", "no binary layer", 1],
        ["scale", "without", "binary conv2", 1],
        ["binary conv2", "hard sigmoid in conv2", STRAIGHT, 1],
    ]
    found = table.set_index(["question", "level"])["difference"]
    parts = found["network", "binary conv2"] + found["network", "hard sigmoid in conv2"]
    assert parts == pytest.approx(found["cost", "conv2"])


def test_costs_are_told_among_networks_of_their_own_too():
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("a", ["conv1"], "stochastic", "straight_through"),
            variant("wide plain", network="wide"),
            variant("wide a", ["conv1"], "stochastic", "straight_through", network="wide"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "cost") == [
        ["conv1", "none", STRAIGHT, 1],
        ["conv1", "none", f"{STRAIGHT}, wide", 1],
    ]
    assert asked(table, "network") == [
        ["wide", "without", "no binary layer", 1],
        ["wide", "without", "binary conv1", 1],
    ]


def test_variants_that_differ_in_what_has_no_name_are_kept_apart():
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("a", ["conv1"], "stochastic", "straight_through"),
            variant("faster", ["conv1"], "stochastic", "straight_through"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert [row[2] for row in asked(table, "cost")] == [STRAIGHT, f"{STRAIGHT} (faster)"]


def test_differences_are_weighted_means_of_pairs():
    effects = {"straight_through": -0.5, "running_mean": -3.0, "local_expectation": -1.0}

    def accuracy(row, seed):
        value = 99.0 + 0.3 * seed + effects.get(row["estimator"], 0.0)
        value -= 0.2 * (row["layers"] == ["conv2"])
        return value - 2.0 * (row["estimator"] == "local_expectation") * (len(row["layers"]) == 2)

    chosen = Study(CONFIG).result_settings("mnist")
    table, _ = comparisons(metrics_of(chosen, accuracy), chosen)
    found = table.set_index(["question", "level", "within"])["difference"]
    assert found["cost", "one binary layer", STRAIGHT] == pytest.approx(-0.6)
    assert found["cost", "conv1, conv2", LOCAL] == pytest.approx(-3.0)
    assert found["estimator", LOCAL, "conv2"] == pytest.approx(-0.5)
    assert found["estimator", LOCAL, "mean"] == pytest.approx(-0.5 - 2.0 / 3)
    assert found["place", "conv2", PLAIN] == pytest.approx(-0.2)
    of_local = f"{LOCAL} against {STRAIGHT}"
    assert found["interaction", "conv1, conv2", of_local] == pytest.approx(-2.0)
    assert found["interaction", "conv2", of_local] == pytest.approx(0.0)


def test_verdicts_are_corrected_within_each_question():
    random = np.random.default_rng(3)
    chosen = Study(CONFIG).result_settings("mnist")

    def accuracy(row, seed):
        return 98.0 - 0.25 * ("reinforce" in row["name"]) + random.normal(0, 0.15)

    table, _ = comparisons(metrics_of(chosen, accuracy), chosen)
    for _, rows in table.groupby("question"):
        p = np.sort(rows["p"])
        steps = np.maximum.accumulate(np.minimum(1.0, p * np.arange(len(p), 0, -1)))
        assert np.sort(rows["p_holm"]) == pytest.approx(steps)
        assert (rows["clear"] == (rows["p_holm"] < 0.05)).all()
    # What is clear by itself alone is not called so.
    assert ((table["p"] < 0.05) & ~table["clear"].astype(bool)).any()
    assert table["clear"].any()


def test_the_tables_hold_every_comparison():
    chosen = Study(CONFIG).result_settings("omniglot")
    table, found = comparisons(metrics_of(chosen, noise), chosen)
    text = comparisons_markdown(table, found, chosen)
    lines = [re.sub(" +", " ", line) for line in text.splitlines()]
    assert sum(line.startswith("| conv") for line in lines) == 4 + 6
    row = table.iloc[0]
    start = f"| conv1 | 1 | {row['difference']:+.2f} | {row['ci95']:.2f} |"
    assert any(line.startswith(start) for line in lines)
    # What is the same in all rows is said once.
    assert "cost?** All rows: with none, among straight-through." in text
    assert "network?** All rows: among straight-through, pairs 1." in text
    assert "interval over seeds, each with its own episodes" in text
    assert "% (backpropagation; 8.0 degrees of freedom)" in text


def test_one_seed_has_no_verdict():
    chosen = Study(CONFIG).result_settings("omniglot") | {"seeds": [0]}
    table, found = comparisons(metrics_of(chosen, noise, seeds=1), chosen)
    assert table["clear"].isna().all()
    assert table["p_holm"].isna().all()
    text = comparisons_markdown(table, found, chosen)
    assert "none is judged" in text
    assert "±" not in text
    assert "clear" not in text


def test_known_metrics(results):
    chosen = settings()
    table, found = comparisons(read_metrics(chosen, results), chosen)
    rows = table.set_index(["question", "level", "within"])
    # plain is 98 and 96; a is 90 and 92, b 95 and 95.
    assert rows.loc[("cost", "conv1", STRAIGHT), "difference"] == pytest.approx(-6.0)
    assert rows.loc[("cost", "one binary layer", STRAIGHT), "difference"] == pytest.approx(-4.0)
    assert found.correct["a"].shape == (2, 1000)
    assert "over seeds and test images" in comparisons_markdown(table, found, chosen)
    assert comparisons_markdown(table[:0], found, chosen).startswith("No two variants")
    assert [row["name"] for row in VARIANTS] == ["plain", "a", "b", "c"]


def test_a_mean_over_layers_is_of_several():
    """Of an estimator that one choice of a single layer has, there is none."""
    chosen = settings() | {
        "variants": [
            *VARIANTS[:3],
            variant("leaky", ["conv1"], "stochastic", "leaky_straight_through"),
            variant("leaky too", ["conv1"], "deterministic", "leaky_straight_through"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    means = [row for row in asked(table, "cost") if row[0] == "one binary layer"]
    assert means == [["one binary layer", "none", STRAIGHT, 2]]


def test_an_estimator_whose_name_begins_with_anothers_is_another():
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("a", ["conv1"], "stochastic", "running_mean"),
            variant("b", ["conv1"], "stochastic", "leave_one_out"),
        ]
    }
    table, _ = comparisons(metrics_of(chosen, noise), chosen)
    assert asked(table, "options") == []
    assert len(asked(table, "estimator")) == 1
