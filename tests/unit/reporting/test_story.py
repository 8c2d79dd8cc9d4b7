"""The study in short, from known metrics."""

import json
import re

from binary_activations.reporting.differences import (
    differences,
)
from binary_activations.reporting.story import story
from binary_activations.reporting.tables import (
    read_metrics,
)
from samples.results import VARIANTS, settings, variant


def test_the_story_answers_from_the_results(results):
    chosen = settings()
    metrics = read_metrics(chosen, results)
    text = story([(chosen, metrics, differences(metrics, chosen))])
    paragraphs = dict(re.findall(r"\*\*(.+?)\*\* (.+)", text))
    # plain is 98 and 96; a -8 and -4, b -3 and -1: -5.5 and -2.5, t with one degree of freedom.
    cost = paragraphs["What does a binary layer cost?"]
    assert "The network without a binary layer reaches 97.00 % test accuracy." in cost
    interval = f"{1.5 * 12.7062:.2f}"
    assert (
        f"costs 4.00 ± {interval} points (mean of 2 variants; 2 seeds cannot exclude zero)" in cost
    )
    assert "Which estimator?" not in paragraphs
    single = settings(seeds=[0])
    metrics = read_metrics(single, results)
    text = story([(single, metrics, differences(metrics, single))])
    assert "by -5.50 points (mean of 2 variants)" in text
    assert "conv1 costs 5.00 points more than conv2." in text
    assert "They come from one seed, which says nothing about their spread." in text
    assert not re.search("±|interval|exclude|over the seeds", text)
    embedded = settings(origin="embedded")
    assert story([(embedded, metrics, differences(metrics, single))]).startswith("**Demonstration")


def test_the_story_tells_where_and_by_what(results):
    chosen = settings()
    chosen["variants"] = [
        *VARIANTS[:3],
        variant("c", ["conv1"], "deterministic", "straight_through"),
    ]
    metrics = read_metrics(chosen, results)
    text = story([(chosen, metrics, differences(metrics, chosen))])
    # By layer: conv2 -3 and -1; conv1 the mean of a's -8 and -4 and of c's -48 and -36.
    interval = f"{3 * 12.7062:.2f}"
    assert f"conv1 costs 22.00 ± {interval} points more than conv2, and 2 seeds cannot" in text
    assert "Change by layer, in points: conv2 -2.00, conv1 -24.00." in text
    # c against a: -40 and -32.
    interval = f"{4 * 12.7062:.2f}"
    assert (
        "**Deterministic or stochastic?** On Title, deterministic against stochastic: -36.00 ± "
        f"{interval} points (one pair; 2 seeds cannot exclude zero)."
    ) in text


def test_the_story_says_which_differences_are_clear(results):
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
        metrics = read_metrics(chosen, results)
        return story([(chosen, metrics, differences(metrics, chosen))])

    text = told(plain=(0.98, 0.96))
    # By seed: -4 and -3.98; 4.5 and 4.32; 5 and 4.96; half of what they differ by, times 12.7062.
    assert "one binary layer costs 3.99 ± 0.13 points (mean of 3 variants)." in text
    assert "conv1 costs most, 4.41 ± 1.14 points more than conv2." in text
    assert "deterministic is better than stochastic, by 4.98 ± 0.25 points (one pair)." in text
    assert "one binary layer gains 14.01 ± 0.13 points" in told(plain=(0.80, 0.78))
