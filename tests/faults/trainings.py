"""Trainings as processes that start at once, with torch loaded already: to be killed often."""

import contextlib
import importlib
import json
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from unittest import mock

import yaml

from binary_activations import files
from binary_activations.study.study import Study
from binary_activations.study.tasks import TASKS
from projects import ROOT

SEARCHED = [ROOT / "workflow" / "scripts", ROOT / "tests", Path(__file__).parent]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        *("train_classifier", "train_few_shot", "trainings"),
        "binary_activations.networks.normalised_pooling",
        "binary_activations.estimators.local_expectation",
    ]
)
VARIANTS = {"mnist": "stochastic_local_expectation_last", "omniglot": "binary_fourth"}
SMALL = {
    "mnist": {"epochs": 4, "learning_rate": 0.02, "validation_images": 200},
    "omniglot": {"epochs": 4, "episodes_per_epoch": 4},
}


def settings(dataset):
    """Returns the training settings of a short training."""
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    config[dataset]["training"].update(SMALL[dataset])
    config["omniglot"]["validation"].update(alphabets=1, episodes=4)
    return Study(config).training_settings(dataset, VARIANTS[dataset])


class Training:
    """One replicate's training in a folder."""

    def __init__(self, dataset, data, folder):
        self.program = f"train_{TASKS[dataset].kind}"
        self.settings = settings(dataset)
        self.data = data
        self.model = folder / "model.pt"
        self.history = folder / "history.csv"
        self.checkpoint = folder / "checkpoint.pt"
        self.log = folder.parent / f"{folder.name}.log"

    def start(self, sabotage=None, *arguments):
        """Starts it; `sabotage(*arguments)` is called in the new process first."""
        options = {
            "settings": json.dumps(self.settings),
            "seed": "3",
            "threads": "1",
            "code": "the same",
            "data": str(self.data),
            "model": str(self.model),
            "history": str(self.history),
        }
        options = [part for name, value in options.items() for part in (f"--{name}", value)]
        process = CONTEXT.Process(
            target=_live, args=(self.program, options, str(self.log), sabotage, arguments)
        )
        with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, SEARCHED))):
            process.start()  # the first one starts the server that all are forked from
        return process

    def run(self, sabotage=None, *arguments):
        """Runs it to its end: its exit status, negative for a signal."""
        process = self.start(sabotage, *arguments)
        process.join()
        return process.exitcode

    def results(self):
        return self.model.read_bytes(), self.history.read_bytes()

    def remove(self):
        for path in (self.model, self.history, self.checkpoint):
            path.unlink(missing_ok=True)


def _live(program, options, log, sabotage, arguments):
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [program, *options]
    if sabotage:
        sabotage(*arguments)
    program = importlib.import_module(program)
    program.command_line.run(program.main)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_half_way_through_write(number):
    """Die when so many writes have gone through and half of the next one is on the disk."""
    flush = os.fsync
    writes = iter(range(number))

    def half(descriptor):
        if next(writes, None) is None:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            die()
        flush(descriptor)

    files.os.fsync = half


def die_before_rename(number):
    """Die when a file is written, but not yet in its place."""
    rename = Path.replace
    renames = iter(range(number))

    def replace(path, target):
        if next(renames, None) is None:
            die()
        return rename(path, target)

    Path.replace = replace


def die_after_rename(number):
    """Die as soon as a file is in its place."""
    rename = Path.replace
    renames = iter(range(number))

    def replace(path, target):
        rename(path, target)
        if next(renames, None) is None:
            die()

    Path.replace = replace


def fill_disk_before_results(folder):
    """Leaves no space for the results, once the last checkpoint is written."""
    training = importlib.import_module("binary_activations.training.fit").Training
    write = training.write

    def write_on_a_full_disk(self, *paths):
        with contextlib.suppress(OSError), Path(folder, "filler").open("wb") as filler:
            while True:
                filler.write(bytes(1024))
                filler.flush()
        write(self, *paths)

    training.write = write_on_a_full_disk


def diverge_in_epoch(number):
    """Makes a weight NaN in the epoch of this number, counted from 1 in this process."""
    module = importlib.import_module("binary_activations.training.classification")
    training = module.ClassificationTraining
    train_epoch = training.train_epoch
    epochs = iter(range(number - 1))

    def diverging_epoch(self):
        result = train_epoch(self)
        if next(epochs, None) is None:
            next(self.network.parameters()).data[0] = float("nan")
        return result

    training.train_epoch = diverging_epoch
