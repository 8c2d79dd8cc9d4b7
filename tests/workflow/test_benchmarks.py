"""The benchmarks run, and measure all that they say."""

import re
import subprocess
import sys

import pytest
import yaml

from estimators import ESTIMATORS
from projects import ROOT, VARIANTS


def output_of(*command):
    process = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.slow
def test_every_variant_is_measured_against_plain_trainings_and_the_limit(finished, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->old<!-- measured: end -->\nafter\n")
    options = ["--turns", "1", "--steps", "1", "--page", page]
    data = finished.path("resources/embedded")
    printed = output_of("benchmarks/training.py", "--data", data, *options)
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    for dataset in ("mnist", "omniglot"):
        for name in config[dataset]["variants"]:
            assert re.search(rf"^\| {name} +(\| [\d.]+ +)+\| ", printed, re.MULTILINE), name
    assert "throughput / plain" in printed
    written = page.read_text()
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert printed.strip() in written
    assert "old" not in written


@pytest.mark.slow
def test_every_estimator_is_measured_on_the_mnist_network_too(finished):
    data = finished.path("resources/embedded")
    printed = output_of(
        *("benchmarks/estimators.py", "--data", data, "--steps", "5", "--repeats", "3")
    )
    assert printed.count("### Enumeration") == printed.count("### MNIST") == 3
    for name in ESTIMATORS:
        assert len(re.findall(rf"^\| {name} +(\| +[\d.e+-]+ +)+\|", printed, re.MULTILINE)) >= 5, (
            name
        )


@pytest.mark.slow
def test_the_time_of_a_study_is_told_by_kind_of_job(finished):
    printed = output_of("benchmarks/wall_time.py", finished.path("results"))
    trainings = sum(map(len, VARIANTS.values()))
    counts = [int(n) for n in re.findall(r"\| train +\| +(\d+) \|", printed)]
    assert sum(counts) == trainings
    assert re.search(r"^\| PyTorch +\| +[\d.]+ \|", printed, re.MULTILINE)
