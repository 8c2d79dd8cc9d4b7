"""The benchmarks run, and measure all that they say."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml

import training
from estimators import MEASURED
from projects import ROOT, VARIANTS


def output_of(*command):
    process = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_every_variant_is_measured_unless_some_are_named():
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    every = {
        dataset: [name for name in config[dataset]["variants"] if "local_expectation" not in name]
        for dataset in ("mnist", "omniglot")
    }
    assert training.chosen_variants(["*"]) == every
    some = training.chosen_variants(["no_binary", "*reinforce_last"])
    last = ["stochastic_reinforce_last", "deterministic_reinforce_last"]
    assert some == {"mnist": ["no_binary", *last], "omniglot": ["no_binary"]}
    with pytest.raises(SystemExit, match="none is named conv9; of .*'stochastic_straight_through"):
        training.chosen_variants(["no_binary", "conv9"])


def test_no_turn_begins_that_would_not_end_in_time(monkeypatch, capsys):
    clock = iter(range(0, 10**6, 60))  # each look at it is a minute after the last one
    monkeypatch.setattr(training, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(training, "measure", lambda workers, task, steps: 0.002 * steps)
    planned = {("copy", "mnist"): ("one", ("copy", "mnist"), 1), "test": ("two", ("t",), 4)}
    turns = training.measure_turns({"one": None, "two": None}, planned, turns=9, minutes=5)
    # A turn takes a minute, and two minutes pass from one to the next.
    assert turns == [{("copy", "mnist"): 0.002, "test": 0.008}] * 3
    printed = capsys.readouterr().err.splitlines()
    assert len(printed) == 3 * 2 + 1
    assert printed[0].split() == ["turn", "1/9", "copy", "mnist", "2.00", "ms", "a", "step"]
    assert printed[-1] == "3 of 9 turns fit in 5 min"


@pytest.mark.slow
def test_variants_are_measured_against_plain_trainings_and_the_limit(finished, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->old<!-- measured: end -->\nafter\n")
    options = ["--turns", "1", "--steps", "1", "--page", page]
    options += ["--variants", "no_binary", "stochastic_reinforce_both"]
    data = finished.path("resources/embedded")
    printed = output_of("benchmarks/training.py", "--data", data, *options)
    for name, tables in (("no_binary", 2), ("stochastic_reinforce_both", 1)):
        assert len(re.findall(rf"^\| {name} +(\| [\d.]+ +)+\| ", printed, re.MULTILINE)) == tables
    assert "throughput / plain" in printed
    assert ("bfloat16 was left out" in printed) != training.has_bfloat16()
    assert ("bfloat16: throughput" in printed) == training.has_bfloat16()
    written = page.read_text()
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert printed.strip() in written
    assert "old" not in written


@pytest.mark.slow
def test_every_estimator_is_measured_on_the_mnist_network_too(finished):
    data = finished.path("resources/embedded")
    printed = output_of(
        *("benchmarks/estimators.py", "--data", data, "--steps", "5", "--draws", "8")
    )
    titles = re.findall("^### (.*)", printed, re.MULTILINE)
    assert [title.split(",")[0] for title in titles] == ["Moments held fixed: 6 units"] + 7 * [
        "Training mode"
    ]
    assert sum("MNIST" in title for title in titles) == 3
    for name in MEASURED:
        assert len(re.findall(rf"^\| {name} +\| +\d", printed, re.MULTILINE)) >= 7, name
    assert "nan" not in printed


@pytest.mark.slow
def test_the_time_of_a_study_is_told_by_kind_of_job(finished):
    printed = output_of("benchmarks/wall_time.py", finished.path("results"), "--repeats", "1")
    trainings = sum(map(len, VARIANTS.values()))
    counts = [int(n) for n in re.findall(r"\| train +\| +(\d+) \|", printed)]
    assert sum(counts) == trainings
    assert re.search(r"^\| PyTorch +\| +[\d.]+ \|", printed, re.MULTILINE)
