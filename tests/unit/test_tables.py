"""Tables and figures from known metrics."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
import torch

from binary_activations.errors import StudyError
from binary_activations.figures import results as figures
from binary_activations.figures.heatmaps import heatmap_figure
from binary_activations.figures.style import write_figure
from binary_activations.inspection.heatmaps import heatmap, layer_heatmaps
from binary_activations.networks.convolutional import mnist_network
from binary_activations.reporting.differences import (
    compared_variants,
    differences,
    differences_markdown,
)
from binary_activations.reporting.labels import groups, series_names
from binary_activations.reporting.story import story
from binary_activations.reporting.summary import costs, summary_page
from binary_activations.reporting.tables import (
    markdown_table,
    read_metrics,
    read_published,
    result_table,
)


def variant(name, layers=(), mode=None, estimator=None, **changes):
    """A row of the variants table, as `configuration.result_settings` gives it."""
    row = {"name": name, "layers": list(layers), "mode": mode, "estimator": estimator}
    return row | {"options": {}, "slope": "constant", "published": name} | changes


VARIANTS = [
    variant("plain"),
    variant("a", ["conv1"], "stochastic", "straight_through"),
    variant("b", ["conv2"], "stochastic", "straight_through"),
    variant("c", ["conv1"], "deterministic", "reinforce"),
]
PUBLISHED = "dataset,variant,loss,accuracy\nmnist,plain,0.0341,98.79\nmnist,a,0.05,98.3\n"
PUBLISHED += "omniglot,plain,,84.4\n"
METRICS = {
    ("plain", 0): (0.10, 0.98),
    ("plain", 7): (0.20, 0.96),
    ("a", 0): (0.30, 0.90),
    ("a", 7): (0.50, 0.92),
    ("b", 0): (0.35, 0.95),
    ("b", 7): (0.35, 0.95),
    ("c", 0): (1.0, 0.5),
    ("c", 7): (2.0, 0.6),
}


@pytest.fixture
def results(tmp_path):
    for dataset in ("mnist", "omniglot"):
        for (variant, seed), (loss, accuracy) in METRICS.items():
            folder = tmp_path / dataset / variant / f"seed{seed}"
            folder.mkdir(parents=True)
            metrics = {"loss": loss, "accuracy": accuracy}
            if dataset == "omniglot":
                # The standard deviation over 400 episodes is 0.2.
                spread = 0.2 * math.sqrt(399 / 400)
                accuracies = [accuracy + spread, accuracy - spread] * 200
                metrics |= {"accuracies": accuracies}
                easier = {**metrics, "task": "5-way 5-shot", "accuracy": accuracy + 0.01}
                metrics = {"tasks": [{**metrics, "task": "5-way 1-shot"}, easier]}
            (folder / "metrics.json").write_text(json.dumps(metrics))
    (tmp_path / "published.csv").write_text(PUBLISHED)
    return tmp_path


def settings(dataset="mnist", seeds=(0, 7), origin="official"):
    found = {"dataset": dataset, "title": "Title", "origin": origin, "seeds": list(seeds)}
    if dataset == "omniglot":
        found["tasks"] = ["5-way 1-shot", "5-way 5-shot"]
    return found | {"variants": VARIANTS}


def table(results, **changes):
    chosen = settings(**changes)
    metrics = read_metrics(chosen, results / chosen["dataset"])
    published = read_published(chosen, results / "published.csv")
    return result_table(metrics, published, chosen), chosen


def test_the_mnist_table(results):
    found, _ = table(results)
    assert list(found) == [
        "variant",
        "seeds",
        "loss_mean",
        "loss_std",
        "accuracy_mean",
        "accuracy_std",
        "accuracy_prediction95",
        "published_loss",
        "published_accuracy",
    ]
    assert found["variant"].tolist() == ["plain", "a", "b", "c"]
    first = found.iloc[0]
    assert first["seeds"] == 2
    assert first["loss_mean"] == pytest.approx(0.15)
    assert first["loss_std"] == pytest.approx(0.1 / math.sqrt(2))
    assert first["accuracy_mean"] == pytest.approx(97)
    assert first["accuracy_std"] == pytest.approx(math.sqrt(2))
    # One more replicate: t with one degree of freedom, deviation sqrt(2), sqrt(1 + 1/2).
    assert first["accuracy_prediction95"] == pytest.approx(12.7062 * math.sqrt(3), rel=1e-4)
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
    ]
    assert found["task"].tolist() == ["5-way 1-shot", "5-way 5-shot"] * 4
    assert found["accuracy_mean"].tolist()[:2] == pytest.approx([97, 98])
    assert found["published_accuracy"].isna().tolist() == [False] + [True] * 7
    # 800 episodes of both seeds: 1.96 * 20 / sqrt(800).
    assert found["accuracy_ci95"].tolist() == pytest.approx([1.96 * 20 / math.sqrt(800)] * 8)
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
    assert rows[2][3:] == ["97.00 ± 1.39", "1.41", "84.40", "98.00 ± 1.39"]


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
        "deterministic, REINFORCE",
    ]
    assert rows[0][2:] == ["`plain`", "0.1500 ± 0.0707", "0.0341", "97.00 ± 1.41", "98.79"]
    assert rows[2][3:] == ["**0.3500 ± 0.0000**", "", "**95.00 ± 0.00**", ""]
    assert text.count("**") == 4
    assert "Mean over 2 seeds; ± the standard deviation over seeds." in text


def test_published_accuracies_beyond_the_noise_are_marked(results):
    found, chosen = table(results)
    assert "†" not in markdown_table(found, chosen)
    for distance, marked in ((21.9, False), (22.1, True)):
        found.loc[0, "published_accuracy"] = 97 - distance
        text = markdown_table(found, chosen)
        assert (f"{97 - distance:.2f} †" in text) == marked
        assert ("† outside the 95 % prediction interval of one more replicate" in text) == marked
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
    (results / "published.csv").write_text("dataset,variant\n")
    with pytest.raises(StudyError, match=r"published.csv: has no column accuracy, loss"):
        table(results, dataset="omniglot")
    (results / "published.csv").write_text(PUBLISHED + "omniglot,plain,,84.4\n")
    with pytest.raises(StudyError, match=r"published.csv: row 5 repeats"):
        table(results, dataset="omniglot")
    (results / "published.csv").write_text(PUBLISHED + "omniglot,a,,much\n")
    with pytest.raises(StudyError, match=r"published.csv: not a table"):
        table(results, dataset="omniglot")


def test_groups_follow_the_order_of_the_configuration():
    assert [(name, len(members)) for name, members in groups(settings())] == [
        ("no binary layer", 1),
        ("stochastic, straight-through", 2),
        ("deterministic, REINFORCE", 1),
    ]


def test_an_added_variant_joins_its_group_under_its_own_name():
    added = {**VARIANTS[1], "name": "annealed"}
    chosen = settings() | {"variants": [*VARIANTS, added]}
    assert [variant["name"] for variant in groups(chosen)[1][1]] == ["a", "b", "annealed"]
    assert len(groups(chosen)) == 3
    assert series_names(chosen) == {
        "plain": "none",
        "a": "conv1",
        "b": "conv2",
        "c": "conv1",
        "annealed": "conv1 (annealed)",
    }


def test_what_tells_variants_apart_names_their_groups():
    scored = {"mode": "stochastic", "estimator": "reinforce", "layers": ["conv1"]}
    chosen = settings() | {
        "variants": [
            *VARIANTS,
            variant("d", **scored, options={"variance_reduction": "disarm"}),
            variant("e", **scored, options={"variance_reduction": "leave_one_out", "samples": 4}),
            variant("f", ["conv1"], "deterministic", "reinforce", slope="linear"),
        ]
    }
    assert [name for name, _ in groups(chosen)] == [
        "no binary layer",
        "stochastic, straight-through",
        "deterministic, REINFORCE, slope constant",
        "stochastic, REINFORCE, DisARM",
        "stochastic, REINFORCE, leave-one-out",
        "deterministic, REINFORCE, slope linear",
    ]


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
        ["estimator", "d", "c", "straight-through", "REINFORCE"],
        ["slope", "e", "d", "linear", "constant"],
        ["layers", "b", "a", "conv2", "conv1"],
    ]


def test_differences_are_paired_by_seed(results):
    chosen = settings()
    found = differences(read_metrics(chosen, results / "mnist"), chosen).set_index("variant")
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
    found = differences(read_metrics(single, results / "mnist"), single)
    assert found["seeds_ci95"].isna().all()
    # Of one seed: what is pooled, and nothing that needs several.
    text = re.sub(" +", " ", differences_markdown(found, single))
    assert "| binary layers | conv1 | none | 2 | -28.00 |\n" in text
    assert "They are of one seed, which does not tell how much trainings differ." in text
    assert not re.search("noise|±|paired|by themselves|`a`", text)
    alone = single | {"variants": VARIANTS[:1]}
    found = differences(read_metrics(alone, results / "mnist"), alone)
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
    found = differences(read_metrics(single, results / "omniglot"), single).iloc[0]
    assert found["difference"] == pytest.approx(-10)
    deviation = 40 * math.sqrt(3 / 16) * math.sqrt(400 / 399)
    assert found["episodes_ci95"] == pytest.approx(1.96 * deviation / 20)
    plain = {**single, "variants": VARIANTS[:2]}
    text = differences_markdown(found.to_frame().T, plain)
    assert "| binary layers | `a` | `plain` | -10.00 |" in re.sub(" +", " ", text)
    # One seed does not tell how far trainings differ.
    assert "paired by test episode; ± the half-width of the 95 % interval over the episodes" in text
    assert not re.search("noise|by seed|over seeds", text)


def test_the_story_answers_from_the_results(results):
    chosen = settings()
    metrics = read_metrics(chosen, results / "mnist")
    text = story([(chosen, metrics, differences(metrics, chosen))])
    paragraphs = dict(re.findall(r"\*\*(.+?)\*\* (.+)", text))
    # plain is 98 and 96; a -8 and -4, b -3 and -1: -5.5 and -2.5, t with one degree of freedom.
    cost = paragraphs["What does a binary layer cost?"]
    assert "The network without a binary layer is right 97.00 % of the time." in cost
    interval = f"{1.5 * 12.7062:.2f}"
    assert f"nothing beyond the noise (-4.00 ± {interval} points, mean of 2 variants)" in cost
    assert "Which estimator?" not in paragraphs
    single = settings(seeds=[0])
    metrics = read_metrics(single, results / "mnist")
    text = story([(single, metrics, differences(metrics, single))])
    assert "by -5.50 points (mean of 2 variants)" in text
    assert "conv1 costs 5.00 points more than conv2." in text
    assert "They are of one seed, which does not tell their noise." in text
    assert not re.search("±|interval|beyond|over the seeds", text)
    embedded = settings(origin="embedded")
    assert story([(embedded, metrics, differences(metrics, single))]).startswith("**Demonstration")


def test_the_story_tells_where_and_by_what(results):
    chosen = settings()
    chosen["variants"] = [
        *VARIANTS[:3],
        variant("c", ["conv1"], "deterministic", "straight_through"),
    ]
    metrics = read_metrics(chosen, results / "mnist")
    text = story([(chosen, metrics, differences(metrics, chosen))])
    # By layer: conv2 -3 and -1; conv1 the mean of a's -8 and -4 and of c's -48 and -36.
    interval = f"{3 * 12.7062:.2f}"
    assert f"no layer stands out beyond the noise (conv1 against conv2: -22.00 ± {interval}" in text
    assert "Change by layer, in points: conv2 -2.00, conv1 -24.00." in text
    # c against a: -40 and -32.
    interval = f"{4 * 12.7062:.2f}"
    assert (
        "**Deterministic or stochastic?** On Title, no difference beyond the noise: deterministic "
        f"against stochastic is -36.00 ± {interval} points (one pair)."
    ) in text


def test_the_story_says_what_is_beyond_the_noise(results):
    chosen = settings()
    chosen["variants"] = [
        *VARIANTS[:3],
        variant("c", ["conv1"], "deterministic", "straight_through"),
    ]
    accuracies = {"a": (0.90, 0.881), "b": (0.97, 0.949), "c": (0.95, 0.9306)}

    def told(**plain):
        for name, values in {**accuracies, **plain}.items():
            for seed, accuracy in zip((0, 7), values, strict=True):
                path = results / "mnist" / name / f"seed{seed}" / "metrics.json"
                path.write_text(json.dumps({"loss": 1.0, "accuracy": accuracy}))
        metrics = read_metrics(chosen, results / "mnist")
        return story([(chosen, metrics, differences(metrics, chosen))])

    text = told(plain=(0.98, 0.96))
    # By seed: -4 and -3.98; 4.5 and 4.32; 5 and 4.96; half of what they differ by, times 12.7062.
    assert "one binary layer costs 3.99 ± 0.13 points (mean of 3 variants)." in text
    assert "conv1 costs most, 4.41 ± 1.14 points more than conv2." in text
    assert "deterministic is better than stochastic, by 4.98 ± 0.25 points (one pair)." in text
    assert "one binary layer gains 14.01 ± 0.13 points" in told(plain=(0.80, 0.78))


def test_costs_are_read_from_benchmark_files(tmp_path):
    for variant, seed, seconds, memory in (
        ("a", 0, 2.0, "100.4"),
        ("a", 7, 4.0, "-"),
        ("a", 9, 99.0, "999"),
        ("removed", 0, 99.0, "999"),
    ):
        path = tmp_path / "mnist" / variant / f"seed{seed}" / "train.tsv"
        path.parent.mkdir(parents=True)
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}\t0:00:02\t{memory}\n")
    (tmp_path / "mnist" / "prepare.tsv").write_text("")
    rows = [
        line.split("|")[1:-1] for line in costs(tmp_path, tmp_path, [settings()]).splitlines()[2:]
    ]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Title", "train a", "2", "3.0", "100"]
    ]
    assert (
        costs(tmp_path / "none", tmp_path / "none", [settings()])
        == "No benchmark files were found."
    )


def test_the_summary_links_every_picture(results):
    for dataset in ("mnist", "omniglot"):
        (results / "tables").mkdir(exist_ok=True)
        (results / "tables" / f"{dataset}.md").write_text("| table |\n")
        (results / "tables" / f"{dataset}_differences.md").write_text("| differences |\n")
    (results / "story.md").write_text("**What?** This.\n")
    study = {"title": "A study", "about": "Read *this*.", "replicates": "."}
    study["datasets"] = [settings("mnist"), settings("omniglot")]
    page = summary_page(results, study, results / "published.csv")
    assert page.startswith("# A study\n\nRead *this*.\n\n## In short\n\n**What?** This.\n")
    assert page.count("| differences |") == 2
    assert page.count("heatmap.png") == 8
    for picture in ("mnist/accuracy.png", "omniglot/curves.png", "mnist/c/heatmap.png"):
        assert f"({picture})" in page
    page = summary_page(results, study | {"replicates": ".."}, results / "published.csv")
    assert "(../mnist/c/heatmap.png)" in page
    assert "(mnist/accuracy.png)" in page


def test_heatmaps_are_means_cut_and_scaled():
    activations = torch.tensor([[[[1.0, -4.0]], [[3.0, 0.0]]], [[[0.0, 0.0]], [[-1.0, 0.0]]]])
    assert heatmap(activations).tolist() == [[[1.0, 0.0]], [[0.0, 0.0]]]


def test_random_layers_show_their_mean_and_a_sample():
    network = mnist_network({"layers": ["conv2"], "mode": "stochastic", "estimator": "none"})
    drawings = torch.rand(2, 1, 28, 28)
    shown = [
        layer_heatmaps(network, drawings, 16, torch.Generator().manual_seed(seed))
        for seed in (0, 0, 1)
    ]
    assert {layer: set(maps) for layer, maps in shown[0].items()} == {
        "conv1": {"mean"},
        "conv2": {"mean", "sample"},
    }
    assert shown[0]["conv2"]["mean"].shape == (2, 7, 7)
    assert torch.equal(shown[0]["conv2"]["mean"], shown[1]["conv2"]["mean"])
    assert not torch.equal(shown[0]["conv2"]["sample"], shown[2]["conv2"]["sample"])


def png_bytes(tmp_path, figure):
    write_figure(tmp_path / "figure.png", figure)
    return (tmp_path / "figure.png").read_bytes()


def test_figures_are_the_same_bytes_twice(tmp_path, results):
    chosen = settings()
    frame = pd.DataFrame({"epoch": [0, 1], "validation_loss": [1.0, 0.5]})
    frame["validation_accuracy"] = [0.5, 0.8]
    histories = {variant["name"]: [frame, frame] for variant in VARIANTS}
    metrics = read_metrics(chosen, results / "mnist")
    shown = {"title": "MNIST", "origin": "official", "variant": "a"}
    maps = {"conv1": {"mean": np.eye(4)[None], "sample": np.eye(4)[None]}}

    def draw():
        return [
            png_bytes(tmp_path, figures.curves_figure(histories, chosen)),
            png_bytes(tmp_path, figures.accuracy_figure(metrics, table(results)[0], chosen)),
            png_bytes(tmp_path, heatmap_figure(np.eye(28)[None], maps, shown)),
        ]

    first = draw()
    assert all(content.startswith(b"\x89PNG") for content in first)
    assert first == draw()
