# What the rules share: the study that the configuration asks for, what jobs read and make, their
# parameters and resources.

import os
import re
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Template
from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.current_basedir).resolve().parent
SCRIPTS = ROOT / "workflow" / "scripts"
NOTEBOOKS = ROOT / "workflow" / "notebooks"
sys.path.insert(0, str(SCRIPTS))

from binary_activations.errors import StudyError
from binary_activations.files import file_digest
from binary_activations.study import config_files, configuration, paths
from binary_activations.study.code_digest import code_digest, training_digest
from binary_activations.study.notebook_digest import notebook_digest
from binary_activations.study.result_files import CAPTIONS, TABLES, ResultFiles
from binary_activations.study.study import Study, canonical_json
from binary_activations.study.tasks import TASKS

# The path is relative, so that moving a checkout changes no input. Rules take the file as ancient,
# with its digest as a parameter, so that its content counts and not its date.
PUBLISHED = os.path.relpath(ROOT / "config" / "published_results.csv")

try:
    config_paths = [os.path.relpath(path) for path in workflow.configfiles]
    config_files.check_order({path: config_files.check_file(path) for path in config_paths})
    schema = configuration.load_schema(ROOT / "workflow/schemas/config.schema.yaml")
    configuration.read_values(config, schema)
    configuration.check(config, schema)
    configuration.check_published(config, PUBLISHED)
    configuration.check_other_data(config, ROOT / "config" / "archives.yaml")
except StudyError as error:
    raise WorkflowError(f"{error}\n(read: {', '.join(config_paths)})") from None

STUDY = Study(config, configuration.published_variants(PUBLISHED))
FILES = ResultFiles(STUDY)
RESULTS, REPLICATES, RESOURCES = STUDY.results, STUDY.replicates, STUDY.resources
PUBLISHED_DIGEST = file_digest(PUBLISHED, "sha256")
ENVIRONMENT = str(ROOT / "envs" / "environment.yaml")

# Resources. Trainings and tests ask for a GPU only where the configuration uses one.
GPU = {"gpu": 1} if config["device"] == "cuda" else {}
SMALL = {"mem_mb": 1000, "runtime": 15}
DATA = {"mem_mb": 2000, "runtime": 20}
PICTURES = {"mem_mb": 3000, "runtime": 15}


def on_device(minutes):
    """Returns the resources of a training or a test: more at each attempt."""
    return GPU | {
        "mem_mb": lambda wildcards, attempt: 4000 * attempt,
        "runtime": lambda wildcards, attempt: minutes * attempt,
    }


def one_of(names):
    """Returns a wildcard constraint: exactly one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    dataset=one_of(configuration.DATASETS),
    seed=r"\d+",


# Parameters.


def program_path(name):
    """Returns a program's path; it is relative, so that moving a checkout changes no parameter."""
    return os.path.relpath(SCRIPTS / name)


def program(name):
    """Returns a program's path and the digest of the code that it reaches, as parameters."""
    return {"program": program_path(name), "code": code_digest(SCRIPTS / name)}


def command(target):
    """Returns the command that makes a target again, without where this machine has the archives."""
    given = workflow.config_settings
    files = [os.path.relpath(path, ROOT) for path in given.configfiles]
    values = {key: value for key, value in given.config.items() if key != "data"}
    data = {key: value for key, value in given.config.get("data", {}).items() if key != "mirror"}
    values |= {"data": data} if data else {}
    words = ["snakemake", "--cores", "2"]
    words += ["--configfile", *files] if files else []
    words += (
        ["--config", *(f"{key}={canonical_json(values[key])}" for key in values)] if values else []
    )
    return shlex.join([*words, "--", target])


def training_code(dataset, variant):
    """Returns the digest of the code of a variant's training, with its estimator's."""
    estimator = STUDY.variants[dataset][variant].estimator
    return training_digest(SCRIPTS / f"train_{TASKS[dataset].kind}.py", estimator)


def folder_of(made, asked, folder=REPLICATES):
    """Returns a folder as a job sees it, from its first input `made` and that file as `asked`."""
    return paths.folder_above(made[0], asked[0], folder)


# What the report shows.


def caption_text(name):
    """Returns a caption as the report shows it, as one line."""
    text = (ROOT / "workflow" / "report" / f"{name}.rst").read_text(encoding="utf-8")
    return " ".join(Template(text).render(snakemake=SimpleNamespace(config=config)).split())


def summary_settings():
    """Returns the settings of the summary, with the captions of its pictures."""
    return STUDY.summary_settings() | {"captions": {name: caption_text(name) for name in CAPTIONS}}


def in_report(path, caption, label, **more):
    """Shows a result of all variants of a data set in the report; `more` is for `report`."""
    return report(
        path,
        caption=f"../workflow/report/{caption}.rst",
        category="All variants",
        labels=lambda wildcards: {
            "result": label(wildcards) if callable(label) else label,
            "data set": STUDY.title(wildcards.dataset),
        },
        **more,
    )


def in_report_of_variant(dataset, name, subcategory):
    """Shows a picture of one variant in the report."""
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
    "maximising": "Drawings made to excite filters",
}


def layer_pictures(dataset):
    """Shows the folder of the pictures of a variant's layers in the report."""
    return report(
        directory(FILES.variant(dataset, "layers")),
        patterns=["{picture}_{layer}.png"],
        caption="../workflow/report/layers.rst",
        category=STUDY.title(dataset),
        subcategory=lambda wildcards: LAYER_PICTURES[wildcards.picture],
        labels={"variant": "{variant}", "layer": "{layer}"},
    )


def pictures_of_variant(dataset):
    """Returns what the pictures of one variant are, by the option of the program that draws them."""
    heatmap = in_report_of_variant(dataset, "heatmap", "Heatmaps")
    found = {"heatmap": heatmap, "layers": layer_pictures(dataset)}
    for name in ("firing", "representations"):
        found[name] = FILES.variant(dataset, f"{name}.csv")
    if TASKS[dataset].kind == "few_shot":
        found["episode"] = in_report_of_variant(dataset, "episode", "Episodes")
    return found
