"""The noise of accuracies, against other programs and by simulation."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from binary_activations.reporting.noise import Difference, Noise

ONE = "backpropagation"


def metrics_of(accuracies, correct=None):
    """A row for each variant and seed, from arrays [seeds] (and [seeds, images]) by variant."""
    rows = []
    for name, values in accuracies.items():
        for seed, value in enumerate(values):
            row = {"variant": name, "seed": seed, "accuracy": value}
            if correct:
                row["correct"] = correct[name][seed]
            rows.append(row)
    return pd.DataFrame(rows)


def drawn(variants=6, seeds=3, random=None, spread=0.2):
    random = random or np.random.default_rng(1)
    seed_effects = random.normal(0, 0.3, seeds)
    return {
        f"v{number}": 98 + seed_effects + centred(random.normal(0, spread, seeds))
        for number in range(variants)
    }


def centred(values):
    """Equal means make equal standard deviations, as the models of other programs have."""
    return values - values.mean()


def test_of_two_variants_it_is_the_paired_t_test():
    accuracies = drawn(variants=2)
    noise = Noise(metrics_of(accuracies), dict.fromkeys(accuracies, ONE))
    found = noise.difference({"v1": 1.0, "v0": -1.0})
    accuracies["v1"] = accuracies["v1"] + 0.001
    noise = Noise(metrics_of(accuracies), dict.fromkeys(accuracies, ONE))
    found = noise.difference({"v1": 1.0, "v0": -1.0})
    expected = stats.ttest_rel(accuracies["v1"], accuracies["v0"])
    interval = expected.confidence_interval(0.95)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-2)
    assert found.half_width == pytest.approx((interval.high - interval.low) / 2, rel=1e-2)
    assert found.degrees == pytest.approx(2)


def test_of_many_variants_it_is_the_linear_model_of_variants_and_seeds():
    accuracies = drawn()
    metrics = metrics_of(accuracies)
    noise = Noise(metrics, dict.fromkeys(accuracies, ONE))
    fit = smf.ols("accuracy ~ 0 + C(variant) + C(seed)", metrics).fit()
    contrast = np.zeros(len(fit.params))
    contrast[[0, 1, 4]] = -1, 0.5, 0.5
    expected = fit.t_test(contrast)
    found = noise.difference({"v0": -1.0, "v1": 0.5, "v4": 0.5})
    assert found.value == pytest.approx(expected.effect.item())
    assert found.p == pytest.approx(expected.pvalue.item(), abs=1e-9)
    low, high = expected.conf_int()[0]
    assert found.half_width == pytest.approx((high - low) / 2)
    assert noise.deviations["v0"] == pytest.approx(math.sqrt(fit.mse_resid))
    assert noise.degrees == {ONE: pytest.approx(10)}
    assert math.isnan(noise.levene_p)


def test_families_of_another_spread_have_a_variance_of_their_own():
    random = np.random.default_rng(0)
    quiet = drawn(6, 8, random, spread=0.1)
    loud = {f"w{n}": values for n, values in enumerate(drawn(6, 8, random, spread=1.0).values())}
    families = {**dict.fromkeys(quiet, ONE), **dict.fromkeys(loud, "REINFORCE")}
    noise = Noise(metrics_of({**quiet, **loud}), families)
    assert noise.levene_p < 0.001
    assert noise.deviations["v0"] == pytest.approx(0.1, rel=0.3)
    assert noise.deviations["w0"] == pytest.approx(1.0, rel=0.3)
    # Seeds' effects are told from the quiet family, so the loud one keeps nearly all its freedom.
    assert noise.degrees["REINFORCE"] == pytest.approx(6 * 7, abs=0.5)
    assert noise.degrees[ONE] == pytest.approx(5 * 7, abs=0.5)
    between = noise.difference({"w0": 1.0, "v0": -1.0})
    within = noise.difference({"v1": 1.0, "v0": -1.0})
    assert within.half_width < 0.3 * between.half_width
    alike = Noise(metrics_of(drawn(8, 6)), {f"v{n}": f"family {n % 2}" for n in range(8)})
    assert alike.levene_p > 0.1


def simulated(random, images, seeds=3, variants=4, training=0.002):
    """Outcomes of trained networks on test images: each image has its difficulty, each training
    its own level; the accuracies of all variants are equal in expectation."""
    difficulty = random.normal(0, 1.0, images)
    accuracies, correct = {}, {}
    for number in range(variants):
        own = random.normal(0, 1.2, images)  # what this variant finds harder than others do
        level = 2.0 + random.normal(0, 20 * training, (seeds, 1))
        chance = stats.norm.cdf(level - difficulty - own)
        outcomes = random.random((seeds, images)) < chance
        correct[f"v{number}"] = list(outcomes)
        accuracies[f"v{number}"] = 100 * outcomes.mean(1)
    return metrics_of(accuracies, correct)


def test_intervals_over_seeds_and_images_hold_the_truth_as_often_as_they_say():
    """Where images are left out, they do not."""
    random = np.random.default_rng(4)
    covered, without = [], []
    for _ in range(300):
        metrics = simulated(random, images=1000)
        families = dict.fromkeys(metrics["variant"], ONE)
        weights = {"v0": 1.0, "v1": -1.0}
        found = Noise(metrics, families).difference(weights)
        covered.append(abs(found.value) < found.half_width)
        seeds_alone = Noise(metrics.drop(columns="correct"), families).difference(weights)
        without.append(abs(seeds_alone.value) < seeds_alone.half_width)
    assert 0.93 < np.mean(covered) <= 0.995
    assert np.mean(without) < np.mean(covered) - 0.05


def test_the_variance_by_images_is_that_of_a_bootstrap():
    random = np.random.default_rng(7)
    metrics = simulated(random, images=800)
    noise = Noise(metrics, dict.fromkeys(metrics["variant"], ONE))
    found = noise.difference({"v0": 1.0, "v1": -1.0})
    by_image = 100.0 * (noise.correct["v0"].astype(int) - noise.correct["v1"])
    again = by_image.mean(0)[random.integers(0, 800, (4000, 800))].mean(1)
    # Of which a part is by the seeds.
    by_seeds = by_image.var(0, ddof=1).mean() / 3 / 800
    assert by_seeds > 0.1 * again.var()
    assert found.images_variance + by_seeds == pytest.approx(again.var(), rel=0.1)


def test_one_seed_is_not_judged():
    metrics = metrics_of({"a": [98.0], "b": [97.0]}, {"a": [[True] * 4], "b": [[True] * 4]})
    noise = Noise(metrics, {"a": ONE, "b": "REINFORCE"})
    found = noise.difference({"a": 1.0, "b": -1.0})
    assert found.value == 1.0
    assert math.isnan(found.half_width)
    assert math.isnan(found.p)


# Standard deviations and accuracies of variants as measured (docs/results.md of October 2026).
SPREADS = {
    ONE: ((98.6, 0.14), (98.5, 0.19), (98.3, 0.20), (98.0, 0.33), (98.3, 0.14), (98.1, 0.32)),
    "local expectation": ((98.3, 0.21), (96.3, 0.9), (97.2, 0.3), (98.3, 0.26), (97.5, 0.32)),
    "no gradient": ((98.6, 0.11), (89.4, 1.5), (73.6, 3.2), (97.5, 0.31), (95.0, 0.6), (93.0, 1.2)),
}


@pytest.mark.parametrize(
    ("variant", "other"),
    [
        (("local expectation", 1), (ONE, 2)),
        (("local expectation", 1), ("local expectation", 4)),
        (("no gradient", 1), (ONE, 2)),
        (("no gradient", 0), (ONE, 1)),
        (("no gradient", 2), ("no gradient", 5)),
        ((ONE, 1), (ONE, 0)),
    ],
)
def test_intervals_hold_where_variants_of_a_family_spread_differently(variant, other):
    random = np.random.default_rng(2)
    covered = []
    for _ in range(400):
        seeds = random.normal(0, 0.05, 3)
        accuracies = {
            (family, number): mean + seeds + random.normal(0, spread, 3)
            for family, members in SPREADS.items()
            for number, (mean, spread) in enumerate(members)
        }
        noise = Noise(metrics_of(accuracies), {name: name[0] for name in accuracies})
        found = noise.difference({variant: 1.0, other: -1.0})
        truth = SPREADS[variant[0]][variant[1]][0] - SPREADS[other[0]][other[1]][0]
        covered.append(abs(found.value - truth) < found.half_width)
    # The lowest is of a variant that spreads twice as much as its error tells.
    assert np.mean(covered) > 0.82


def test_a_family_of_one_variant_is_pooled_with_the_largest():
    accuracies = drawn(5)
    families = {**dict.fromkeys(accuracies, ONE), "v4": "REINFORCE"}
    noise = Noise(metrics_of(accuracies), families)
    assert set(noise.shares) == {ONE}
    assert noise.difference({"v4": 1.0, "v0": -1.0}).degrees == pytest.approx(8)


def test_one_more_replicate_is_predicted_by_the_same_model():
    accuracies = drawn()
    noise = Noise(metrics_of(accuracies), dict.fromkeys(accuracies, ONE))
    expected = stats.t.ppf(0.975, 10) * noise.deviations["v2"] * math.sqrt(4 / 3)
    assert noise.prediction("v2") == pytest.approx(expected)
    single = metrics_of({"a": [98.0], "b": [97.0]})
    assert math.isnan(Noise(single, {"a": ONE, "b": ONE}).prediction("a"))


def test_so_many_seeds_show_a_difference_four_times_in_five():
    found = Difference(-0.25, seeds_variance=0.02, images_variance=0.0, degrees=20, seeds=3)
    assert found.half_width > 0.25
    needed = found.seeds_needed()
    deviation = math.sqrt(0.02 * 3)  # of one seed's difference
    random = np.random.default_rng(0)
    degrees = 20 * (needed - 1) / 2
    estimates = random.normal(-0.25, deviation / math.sqrt(needed), 20000)
    errors = deviation * np.sqrt(random.chisquare(degrees, 20000) / degrees / needed)
    shown = np.abs(estimates) > stats.t.ppf(0.975, degrees) * errors
    assert 0.79 < shown.mean() < 0.9
    assert found.seeds_needed(comparisons=8) > needed
    # The test images alone leave more doubt than the difference is large.
    limited = Difference(-0.15, seeds_variance=1e-4, images_variance=0.08**2, degrees=12, seeds=3)
    assert limited.seeds_needed() == math.inf
    tiny = Difference(-0.01, seeds_variance=0.02, images_variance=0.0, degrees=12, seeds=3)
    assert tiny.seeds_needed(most=50) == 51


def test_one_variant_spreads_as_its_seeds_do():
    values = np.array([97.8, 98.1, 98.3])
    noise = Noise(metrics_of({"a": values}), {"a": ONE})
    width = noise.difference({"a": 1.0}).half_width
    low, high = stats.t.interval(0.95, 2, values.mean(), stats.sem(values))
    assert width == pytest.approx((high - low) / 2)
    assert noise.degrees == {ONE: 2.0}
