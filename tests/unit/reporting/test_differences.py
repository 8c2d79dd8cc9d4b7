"""Differences between variants, from known metrics."""

import json
import math
import re

import pytest

from binary_activations.reporting.differences import (
    compared_variants,
    differences,
    differences_markdown,
)
from binary_activations.reporting.tables import (
    read_metrics,
)
from samples.results import VARIANTS, settings, variant


def test_variants_are_compared_with_the_first_that_differs_in_one_thing():
    chosen = settings() | {
        "variants": [
            *VARIANTS,
            variant("d", ["conv1"], "deterministic", "straight_through"),
            variant("plain linear", slope="linear"),
            variant("e", ["conv1"], "deterministic", "straight_through", slope="linear"),
        ]
    }
    assert compared_variants(chosen).to_numpy().tolist() == [
        ["binary layers", "a", "plain", "conv1", "none"],
        ["binary layers", "b", "plain", "conv2", "none"],
        ["binary layers", "c", "plain", "conv1", "none"],
        ["binary layers", "d", "plain", "conv1", "none"],
        ["binary layers", "e", "plain linear", "conv1", "none"],
        ["units", "d", "a", "deterministic", "stochastic"],
        ["estimator", "d", "c", "straight-through", "local expectation"],
        ["slope", "e", "d", "linear", "constant"],
        ["layers", "b", "a", "conv2", "conv1"],
    ]


def test_differences_are_paired_by_seed(results):
    chosen = settings()
    found = differences(read_metrics(chosen, results), chosen).set_index("variant")
    first = found.loc[["a"]].iloc[0]
    assert first["difference"] == pytest.approx(-6.0)
    # -8 and -4: deviation 4 / sqrt(2), standard error 2, t with one degree of freedom 12.706.
    assert first["seeds_ci95"] == pytest.approx(2 * 12.7062, rel=1e-4)
    text = re.sub(" +", " ", differences_markdown(found.reset_index(), chosen))
    # a - plain and c - plain: -8 and -4, -48 and -36; their means -28 and -20.
    assert f"| binary layers | conv1 | none | 2 | -24.00 | {12.7062 * 4:.2f} | no |" in text
    # b - plain: -3 and -1; c - plain: -48 and -36.
    assert "Of the 4 pairs of variants by themselves 0 differ by more than their noise." in text
    single = settings(seeds=[0])
    found = differences(read_metrics(single, results), single)
    assert found["seeds_ci95"].isna().all()
    # Of one seed: what is pooled, and nothing that needs several.
    text = re.sub(" +", " ", differences_markdown(found, single))
    assert "| binary layers | conv1 | none | 2 | -28.00 |\n" in text
    assert "They are of one seed, which does not tell how much trainings differ." in text
    assert not re.search("noise|±|paired|by themselves|`a`", text)
    alone = single | {"variants": VARIANTS[:1]}
    found = differences(read_metrics(alone, results), alone)
    assert differences_markdown(found, alone).startswith("No two variants")


def test_differences_on_omniglot_are_paired_by_episode(results):
    single = settings("omniglot", seeds=[0])
    path = results / "omniglot" / "a" / "seed0" / "metrics.json"
    metrics = json.loads(path.read_text())
    plain = json.loads((results / "omniglot/plain/seed0/metrics.json").read_text())
    accuracies = plain["tasks"][0]["accuracies"]
    # One episode in four is worse by 0.4: the mean by 0.1, the deviation is 0.4 sqrt(3 / 16).
    metrics["tasks"][0]["accuracies"] = [
        value - 0.4 * (number % 4 == 0) for number, value in enumerate(accuracies)
    ]
    metrics["tasks"][0]["accuracy"] = plain["tasks"][0]["accuracy"] - 0.1
    path.write_text(json.dumps(metrics))
    found = differences(read_metrics(single, results), single).iloc[0]
    assert found["difference"] == pytest.approx(-10)
    deviation = 40 * math.sqrt(3 / 16) * math.sqrt(400 / 399)
    assert found["episodes_ci95"] == pytest.approx(1.96 * deviation / 20)
    plain = {**single, "variants": VARIANTS[:2]}
    text = differences_markdown(found.to_frame().T, plain)
    assert "| binary layers | `a` | `plain` | -10.00 |" in re.sub(" +", " ", text)
    # One seed does not tell how far trainings differ.
    assert "paired by test episode; ± the half-width of the 95 % interval over the episodes" in text
    assert not re.search("noise|by seed|over seeds", text)
