"""Scratch copies of the project, and a study small enough to run in them."""

import filecmp
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
import yaml

from planner import planner

ROOT = Path(__file__).parents[1]
VARIANTS = {
    "mnist": [
        "no_binary",
        "deterministic_straight_through_first",
        "stochastic_local_expectation_last",
    ],
    "omniglot": ["no_binary", "binary_fourth"],
}
# By default, the first variant with a binary layer gets a notebook.
IN_NOTEBOOKS = {"mnist": "deterministic_straight_through_first", "omniglot": "binary_fourth"}
SMALL = {
    "mnist": {"training": {"epochs": 5, "learning_rate": 0.02, "validation_images": 200}},
    "omniglot": {
        "training": {"epochs": 2, "episodes_per_epoch": 10},
        "validation": {"alphabets": 1, "episodes": 20},
        "test": {"episodes": 50},
    },
}
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".snakemake", ".hypothesis", "results", "resources"),
    *("__pycache__", ".*_cache"),
)
needs_mirror = pytest.mark.skipif(
    not Path(os.environ.get("MIRROR") or "/no").is_dir(), reason="MIRROR names no folder"
)
# What a job's message says; not those of the target rules, which make nothing.
TARGETS = "Everything is made|All of |The archives are in "
JOB = re.compile(rf"^Job \d+: (?!{TARGETS})(.+)$", re.MULTILINE)


class Project:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return self.folder / name

    def edit_config(self, edit):
        """Changes the configuration: `edit` gets it as nested mappings."""
        path = self.path("config/config.yaml")
        config = yaml.safe_load(path.read_text())
        edit(config)
        path.write_text(yaml.safe_dump(config, sort_keys=False))

    def start(self, *arguments):
        """Starts Snakemake in a process group of its own."""
        return subprocess.Popen(
            ["snakemake", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A shell that starts tests in the background has them, and their children, ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def run(self, *arguments):
        """Runs Snakemake: its exit status and all that it printed."""
        process = self.start(*arguments)
        output = process.communicate()[0]
        return process.returncode, output

    def plan(self, *arguments):
        """As `run`, from a process that has loaded Snakemake: for what starts no jobs."""
        return planner().run(list(arguments), self.folder)

    def trainings(self):
        """Returns the training programs that run in this folder, wherever they were started."""
        running = psutil.process_iter(["cwd", "cmdline"])
        return [
            process
            for process in running
            if process.info["cwd"] == str(self.folder)
            and any("/train_" in argument for argument in (process.info["cmdline"] or [])[:2])
        ]

    def planned(self, *arguments):
        """Returns the jobs that a run would start, by message."""
        status, output = self.plan("--dry-run", "--cores", "2", *arguments)
        assert status == 0, output
        jobs = JOB.findall(output)
        assert jobs or "Nothing to be done" in output, output
        return sorted(jobs)


def wait_until(condition, process, seconds=120):
    """Waits for a condition, as long as a process runs."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, f"no such thing within {seconds} s"
        time.sleep(0.05)


def results(project):
    """All results but logs, benchmarks, and what states times: summary and executed notebooks."""
    folder = project.path("results")
    files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    left_out = {"logs", "benchmarks", "summary.md", "notebook.ipynb"}
    return {path for path in files if not left_out.intersection(path.parts)}


def assert_same_results(one, other):
    names = results(one)
    assert names == results(other)
    _, different, unread = filecmp.cmpfiles(
        one.path("results"), other.path("results"), names, shallow=False
    )
    assert not different + unread


def shrink(config):
    config["data"]["origin"] = "embedded"
    config["seeds"] = [0]
    for dataset, names in VARIANTS.items():
        entries = config[dataset]["variants"]
        config[dataset]["variants"] = {name: entries[name] for name in names}
        for section, values in SMALL[dataset].items():
            config[dataset][section].update(values)
