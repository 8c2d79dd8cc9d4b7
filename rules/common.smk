# What the rules share: the study that the configuration asks for, what jobs read and make, their
# parameters and resources.

import os
import re
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.current_basedir).resolve().parent
SCRIPTS = ROOT / "workflow" / "scripts"
NOTEBOOKS = ROOT / "workflow" / "notebooks"
sys.path.insert(0, str(SCRIPTS))

from binary_activations.errors import StudyError
from binary_activations.files import file_digest, folder_digests
from binary_activations.study import configuration, paths
from binary_activations.study.code_digest import code_digest, training_digest
from binary_activations.study.notebook_digest import notebook_digest
from binary_activations.study.result_files import TABLES, ResultFiles
from binary_activations.study.study import Study, canonical_json

try:
    schema = configuration.load_schema(ROOT / "workflow/schemas/config.schema.yaml")
    configuration.read_numbers(config, schema)
    configuration.check(config, schema)
except StudyError as error:
    raise WorkflowError(str(error)) from None

STUDY = Study(config)
FILES = ResultFiles(STUDY)
RESULTS, REPLICATES, RESOURCES = STUDY.results, STUDY.replicates, STUDY.resources
# Relative, so that a checkout that moves is not another input; and by content, not by date (rules
# take it as ancient, with its digest as a parameter), so that a fresh checkout is not newer.
PUBLISHED = os.path.relpath(ROOT / "config" / "published_results.csv")
PUBLISHED_DIGEST = file_digest(PUBLISHED, "sha256")
ENVIRONMENT = str(ROOT / "envs" / "environment.yaml")

# Resources. Trainings and tests ask for a GPU just where the configuration uses one.
GPU = {"gpu": 1} if config["device"] == "cuda" else {}
SMALL = {"mem_mb": 1000, "runtime": 15}
DATA = {"mem_mb": 2000, "runtime": 20}
PICTURES = {"mem_mb": 3000, "runtime": 15}


def on_device(minutes):
    """Of a training or a test: more at each attempt."""
    return GPU | {
        "mem_mb": lambda wildcards, attempt: 4000 * attempt,
        "runtime": lambda wildcards, attempt: minutes * attempt,
    }


def one_of(names):
    """Wildcard constraint: exactly one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    dataset=one_of(configuration.DATASETS),
    seed=r"\d+",


# Parameters.


def program(name):
    """A program, by its relative path (a checkout that moves is not another parameter), and the
    digest of the code that it reaches, which re-runs it when that changes."""
    return {"program": os.path.relpath(SCRIPTS / name), "code": code_digest(SCRIPTS / name)}


def training_code(dataset, variant):
    """The digest of the code that a variant's training reaches, with that of its estimator."""
    estimator = STUDY.variants[dataset][variant].estimator
    return training_digest(SCRIPTS / f"train_{dataset}.py", estimator)


def folder_of(made, asked, folder=REPLICATES):
    """A folder of results as a job sees it in its first input, which the rules asked for."""
    return paths.folder_above(made[0], asked[0], folder)


# What the report shows.


def in_report(name, caption, label):
    """A result of all variants of a data set."""
    return report(
        f"{RESULTS}/{name}",
        caption=f"../workflow/report/{caption}.rst",
        category="Results",
        labels=lambda wildcards: {
            "result": label(wildcards) if callable(label) else label,
            "data set": STUDY.title(wildcards.dataset),
        },
    )


def in_report_of_variant(dataset, name, subcategory):
    """A picture of one variant."""
    return report(
        FILES.variant(dataset, f"{name}.png"),
        caption=f"../workflow/report/{name}.rst",
        category=STUDY.title(dataset),
        subcategory=subcategory,
        labels={"variant": "{variant}"},
    )


LAYER_PICTURES = {
    "filters": "Filters",
    "activations": "Activations",
    "exciting": "Drawings that excite filters",
}


def layer_pictures(dataset):
    """The folder of the pictures of a variant's layers."""
    return report(
        directory(FILES.variant(dataset, "layers")),
        patterns=["{picture}_{layer}.png"],
        caption="../workflow/report/layers.rst",
        category=STUDY.title(dataset),
        subcategory=lambda wildcards: LAYER_PICTURES[wildcards.picture],
        labels={"variant": "{variant}", "layer": "{layer}"},
    )
