"""Result tables from known metrics."""

import math

import numpy as np
import pandas as pd
import pytest

from binary_activations.errors import StudyError
from binary_activations.reporting.intervals import t_interval
from binary_activations.reporting.noise import Noise
from binary_activations.reporting.tables import (
    by_task,
    markdown_table,
    read_metrics,
    read_published,
    result_table,
)
from binary_activations.study.tasks import ONE_SHOT_TASK
from samples.results import PUBLISHED, settings, table, variant


def test_the_mnist_table(results):
    found, _ = table(results)
    assert list(found) == [
        "variant",
        "seeds",
        "loss_mean",
        "loss_std",
        "accuracy_mean",
        "accuracy_std",
        "accuracy_ci95",
        "accuracy_prediction95",
        "published_loss",
        "published_accuracy",
        "published_estimator",
    ]
    assert found["variant"].tolist() == ["plain", "a", "b", "c"]
    first = found.iloc[0]
    assert first["seeds"] == 2
    assert first["loss_mean"] == pytest.approx(0.15)
    assert first["loss_std"] == pytest.approx(0.1 / math.sqrt(2))
    assert first["accuracy_mean"] == pytest.approx(97)
    assert first["accuracy_std"] == pytest.approx(math.sqrt(2))
    assert first["accuracy_ci95"] == pytest.approx(
        noise(results).difference({"plain": 1}).half_width
    )
    assert first["accuracy_prediction95"] == pytest.approx(noise(results).prediction("plain"))
    assert (first["published_loss"], first["published_accuracy"]) == (0.0341, 98.79)
    assert found["published_accuracy"].isna().tolist() == [False, False, True, True]


def test_the_omniglot_table(results):
    found, _ = table(results, dataset="omniglot")
    assert list(found) == [
        "variant",
        "task",
        "seeds",
        "accuracy_mean",
        "accuracy_std",
        "accuracy_ci95",
        "published_accuracy",
        "published_estimator",
    ]
    assert found["task"].tolist() == ["5-way 1-shot", "5-way 5-shot"] * 4
    assert found["accuracy_mean"].tolist()[:2] == pytest.approx([97, 98])
    assert found["published_accuracy"].isna().tolist() == [False] + [True] * 7
    # 800 episodes of both seeds: 1.96 * 20 / sqrt(800); and how trainings differ.
    over_seeds = [
        noise(results, dataset="omniglot", task=task).difference({variant: 1}).half_width
        for variant, task in zip(found["variant"], found["task"], strict=True)
    ]
    assert len(set(over_seeds)) > 2
    assert found["accuracy_ci95"].tolist() == pytest.approx(
        [math.hypot(1.96 * 20 / math.sqrt(800), width) for width in over_seeds]
    )
    single, _ = table(results, dataset="omniglot", seeds=[0])
    assert single["accuracy_ci95"].tolist() == pytest.approx([1.96] * 8)
    assert single["accuracy_std"].isna().all()


def test_every_task_is_a_column(results):
    text = markdown_table(*table(results, dataset="omniglot"))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()[:3]]
    assert rows[0][3:] == [
        "5-way 1-shot (%)",
        "deviation over seeds",
        "published accuracy (%)",
        "5-way 5-shot (%)",
    ]
    assert rows[2][3:] == ["97.00 ± 2.08", "1.41", "84.40", "98.00 ± 1.86"]


def test_a_variant_may_be_compared_with_another_published_one(results):
    chosen = settings() | {"variants": [variant("control", published="a"), variant("plain")]}
    published = read_published(chosen, results / "published.csv")
    assert published["accuracy"].to_dict() == {"control": 98.3, "plain": 98.79}


def test_markdown_bolds_the_best_of_each_group_of_several(results):
    text = markdown_table(*table(results))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()[2:6]]
    assert [row[0] for row in rows] == [
        "no binary layer",
        "stochastic, straight-through",
        "",
        "deterministic, local expectation",
    ]
    half = noise(results).difference({"plain": 1}).half_width
    plain = ["`plain`", "0.1500", "0.0341", f"97.00 ± {half:.2f}", "1.41", "98.79"]
    within = noise(results).prediction("plain")
    assert rows[0][2:] == [*plain, f"{97 - within:.2f} to {min(97 + within, 100):.2f}"]
    assert rows[1][7].endswith(" ‡")
    assert rows[2][3:5] == ["**0.3500**", ""]
    assert rows[2][5].startswith("**95.00 ± ")
    assert rows[2][6:] == ["0.00", "", ""]
    assert text.count("**") == 4
    assert "Mean over 2 seeds; ± the 95 % interval over seeds and test images." in text
    assert text.count("‡") == 2
    assert "‡ published as REINFORCE; no gradient reached the filters below." in text


def noise(results, dataset="mnist", task=None):
    chosen = settings(dataset=dataset)
    families = {row["name"]: row["family"] for row in chosen["variants"]}
    metrics = read_metrics(chosen, results)
    return Noise(metrics[metrics["task"] == task] if task else metrics, families)


def test_published_accuracies_beyond_the_noise_are_marked(results):
    found, chosen = table(results)
    assert "†" not in markdown_table(found, chosen)
    half = noise(results).prediction("plain")
    for distance, marked in ((0.99 * half, False), (1.01 * half, True)):
        found.loc[0, "published_accuracy"] = 97 - distance
        text = markdown_table(found, chosen)
        assert (f"{97 - distance:.2f} †" in text) == marked
        assert ("† outside the interval that one more training lies in" in text) == marked
    single, chosen = table(results, seeds=[0])
    single["published_accuracy"] = 0.0
    assert "†" not in markdown_table(single, chosen)


def test_markdown_of_embedded_data_says_so_and_compares_with_nothing(results):
    text = markdown_table(*table(results, origin="embedded"))
    assert text.startswith("**Demonstration data.**")
    assert "published" not in text.splitlines()[2]
    assert "98.79" not in text


def test_metrics_and_published_figures_that_cannot_be_used_are_named(results):
    (results / "mnist" / "a" / "seed7" / "metrics.json").write_text('{"loss": 1}')
    with pytest.raises(StudyError, match=r"a/seed7/metrics.json: not a replicate's metrics"):
        table(results)
    (results / "published.csv").write_text("study,dataset,variant\n")
    with pytest.raises(StudyError, match=r"published.csv: has no column accuracy, estimator, loss"):
        table(results, dataset="omniglot")
    (results / "published.csv").write_text(PUBLISHED + "first,omniglot,plain,,84.4,\n")
    with pytest.raises(StudyError, match=r"published.csv: row 5 repeats"):
        table(results, dataset="omniglot")
    (results / "published.csv").write_text(PUBLISHED + "first,omniglot,a,,much,\n")
    with pytest.raises(StudyError, match=r"published.csv: not a table"):
        table(results, dataset="omniglot")


def test_each_task_has_settings_of_its_own():
    chosen = settings("omniglot") | {"title": "Omniglot, 5-way 1-shot"}
    first, second = by_task(chosen | {"tasks": [*chosen["tasks"], "one-shot runs"]})
    assert first == chosen | {"tasks": ["5-way 1-shot"]}
    assert (second["title"], second["tasks"]) == ("Omniglot, 5-way 5-shot", ["5-way 5-shot"])
    assert by_task(settings()) == [settings()]


@pytest.mark.parametrize("variants", [1, 5])
def test_few_shot_intervals_hold_the_truth_as_often_as_they_say(variants):
    """Drawn anew: trainings, episodes that are hard for all variants, and for some of them. Seeds
    that change all variants alike by more than their episodes are left out by design."""
    random = np.random.default_rng(0)
    names = [f"v{number}" for number in range(variants)]
    chosen = settings("omniglot") | {"variants": [variant(name) for name in names]}
    chosen |= {"tasks": ["5-way 1-shot"], "seeds": [0, 1, 2]}
    none = pd.DataFrame({"loss": [], "accuracy": [], "estimator": []})
    held, studies = 0, 150
    for _ in range(studies):
        rows = []
        for seed in chosen["seeds"]:
            hard = random.normal(0, 8, 400)
            for name in names:
                values = 90 + random.normal(0, 0.2) + hard + random.normal(0, 8, 400)
                row = {"variant": name, "seed": seed, "task": "5-way 1-shot", "loss": 0.0}
                rows.append(row | {"accuracies": values, "accuracy": values.mean()})
        found = result_table(pd.DataFrame(rows), none, chosen)
        held += (abs(found["accuracy_mean"] - 90) < found["accuracy_ci95"]).mean()
    assert 0.92 < held / studies < 0.98


def test_intervals_over_one_shot_runs_hold_the_truth_as_often_as_they_say():
    """Drawn anew: trainings, and the runs, which are the same for every seed."""
    random = np.random.default_rng(1)
    names = [f"v{number}" for number in range(5)]
    chosen = settings("omniglot") | {"variants": [variant(name) for name in names]}
    chosen |= {"tasks": [ONE_SHOT_TASK], "seeds": [0, 1, 2]}
    none = pd.DataFrame({"loss": [], "accuracy": [], "estimator": []})
    held, over_runs, studies = 0, 0, 150
    for _ in range(studies):
        hard, rows = random.normal(0, 4, 20), []
        for name in names:
            for seed in chosen["seeds"]:
                values = 80 + random.normal(0, 2) + hard + random.normal(0, 2, 20)
                row = {"variant": name, "seed": seed, "task": ONE_SHOT_TASK, "loss": 0.0}
                rows.append(row | {"accuracies": values, "accuracy": values.mean()})
        metrics = pd.DataFrame(rows)
        found = result_table(metrics, none, chosen)
        error = abs(found.set_index("variant")["accuracy_mean"] - 80)
        held += (error < found.set_index("variant")["accuracy_ci95"]).mean()
        means = metrics.groupby("variant")["accuracies"].apply(lambda runs: np.mean(list(runs), 0))
        over_runs += (error < means.map(t_interval)).mean()
    assert 0.92 < held / studies < 0.99
    assert over_runs / studies < 0.9
