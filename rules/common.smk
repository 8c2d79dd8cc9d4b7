import os
import re
import sys
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.current_basedir).resolve().parent
SCRIPTS = ROOT / "workflow" / "scripts"
NOTEBOOKS = ROOT / "workflow" / "notebooks"
sys.path.insert(0, str(SCRIPTS))

from binary_activations.study import configuration
from binary_activations.study.code_digest import code_digest
from binary_activations.errors import StudyError
from binary_activations.files import file_digest
from binary_activations.study.notebook_digest import notebook_digest

try:
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    configuration.read_numbers(config, schema)
    configuration.check(config, schema)
except StudyError as error:
    raise WorkflowError(str(error)) from None

RESULTS = config["results"].rstrip("/")
# What is made of one replicate or one variant: studies may share it.
REPLICATES = config["replicates"].rstrip("/") or RESULTS
# The name of the published page: results, or results_control and so on.
STUDY = "_".join(
    ["results", *(part for part in Path(RESULTS).parts if part not in (os.sep, "results"))]
)
RESOURCES = f"resources/{configuration.data_folder(config)}"
MIRROR = config["data"]["mirror"]
SOURCES = {
    name: [MIRROR] if MIRROR else config["archives"][name]["sources"]
    for name in configuration.DATASETS
}
ONE_SHOT_RUNS = config["omniglot"]["one_shot_runs"]
# A GPU is asked for just where the configuration uses one.
GPU = {"gpu": 1} if config["device"] == "cuda" else {}
SEEDS = config["seeds"]
VARIANTS = {name: configuration.variants(config, name) for name in configuration.DATASETS}
# Those that the study has any variants of.
DATASETS = [name for name in configuration.DATASETS if VARIANTS[name]]
# Relative, so that a checkout that moves is not another input; and by content, not by date (rules
# take it as ancient, with its digest as a parameter), so that a fresh checkout is not newer.
PUBLISHED = os.path.relpath(ROOT / "config" / "published_results.csv")
PUBLISHED_DIGEST = file_digest(PUBLISHED, "sha256")
ENVIRONMENT = str(ROOT / "envs" / "environment.yaml")


wildcard_constraints:
    dataset="|".join(configuration.DATASETS),
    seed=r"\d+",


def program(name):
    """Path of a program, relative: a checkout that moves is not another parameter."""
    return os.path.relpath(SCRIPTS / name)


def code(name):
    """Digest of the code that a program reaches: a parameter that re-runs it when it changes."""
    return code_digest(SCRIPTS / name)


def one_of(names):
    """Wildcard constraint: exactly one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


def archives(dataset):
    """A data set's archives."""
    return [f"{RESOURCES}/{name}" for name in config["archives"][dataset]["expected"]]


def expected_digests(dataset, archive=None):
    """What a data set's archives, or one of them, are verified against.

    Embedded archives are what they are.
    """
    official = config["data"]["origin"] == "official"
    expected = config["archives"][dataset]["expected"] if official else {}
    return configuration.canonical_json(expected[archive] if archive else expected)


def training_settings(dataset, variant):
    """The settings that decide how a variant is trained."""
    row = VARIANTS[dataset][variant]
    return configuration.canonical_json(configuration.training_settings(config, dataset, row))


def evaluation_settings(dataset):
    """The settings that decide how a trained network is tested."""
    return configuration.canonical_json(configuration.evaluation_settings(config, dataset))


def picture_settings(dataset, variant, **more):
    """The settings that decide what a picture of a variant shows."""
    return configuration.canonical_json(
        {
            "dataset": dataset,
            "title": report_title(dataset),
            "variant": variant,
            "seed": SEEDS[0],
            **more,
        }
    )


def shown_settings(dataset, variant):
    """The settings that decide what the pictures of a variant show: the heatmaps' drawings and
    samples, and for Omniglot the first task, of which an episode is shown."""
    return picture_settings(dataset, variant, **config["heatmaps"], **first_task(dataset))


def first_task(dataset):
    """The ways and shots of the first test task: none of MNIST."""
    keys = ("n_way", "k_shot") if dataset == "omniglot" else ()
    return {key: config[dataset]["test"][key][0] for key in keys}


def notebook_variants(dataset):
    """Of which variants notebooks are made unasked: the first with a binary layer."""
    binary = [name for name, row in VARIANTS[dataset].items() if row["layers"]]
    return binary[:1]


def notebook_settings(dataset, variant):
    """The settings that decide what a notebook shows."""
    shown = picture_settings(dataset, variant, **first_task(dataset))
    return f'{{"settings": {shown}}}'


def result_settings(dataset):
    """The variants and seeds that tables and figures show."""
    return configuration.canonical_json(configuration.result_settings(config, dataset))


def story_settings():
    """The variants and seeds of every data set."""
    return configuration.canonical_json({"datasets": all_result_settings()})


def firing_settings(dataset):
    """The variants, of which firing rates are shown for the first seed."""
    settings = configuration.result_settings(config, dataset)
    return configuration.canonical_json({key: settings[key] for key in ("title", "variants")})


def all_result_settings():
    return [configuration.result_settings(config, name) for name in DATASETS]


def summary_settings(**more):
    """What the summary says of the study, and the variants and seeds of every data set.

    `replicates` is the folder of their replicates as seen from that of the results.
    """
    return configuration.canonical_json(
        {
            "title": config["title"],
            "about": config["about"],
            "replicates": os.path.relpath(REPLICATES, RESULTS),
            "datasets": all_result_settings(),
            **more,
        }
    )


def publication_settings():
    """What the published page says of where its results come from."""
    files = dict.fromkeys(os.path.relpath(path, ROOT) for path in workflow.configfiles)
    return summary_settings(configuration=list(files))


def replicates(dataset, file):
    """A file of every replicate of every variant."""
    return [
        f"{REPLICATES}/{dataset}/{variant}/seed{seed}/{file}"
        for variant in VARIANTS[dataset]
        for seed in SEEDS
    ]


def report_title(dataset):
    """What the report calls a data set."""
    return configuration.data_settings(config, dataset)["title"]


def report_category(wildcards):
    """Where the report shows a picture of a variant."""
    return report_title(wildcards.dataset)


def report_labels(result, wildcards):
    """How the report tells the results of a data set apart."""
    return {"result": result, "data set": report_title(wildcards.dataset)}


LAYER_PICTURES = {
    "filters": "Filters",
    "activations": "Activations",
    "exciting": "Drawings that excite filters",
}


def heatmaps(dataset):
    """A variant's heatmaps, as the report shows them."""
    return report(
        f"{REPLICATES}/{dataset}/{{variant}}/heatmap.png",
        caption="../workflow/report/heatmap.rst",
        category=report_title(dataset),
        subcategory="Heatmaps",
        labels={"variant": "{variant}"},
    )


def layer_pictures(dataset):
    """The folder of the pictures of a variant's layers, as the report shows them."""
    return report(
        directory(f"{REPLICATES}/{dataset}/{{variant}}/layers"),
        patterns=["{picture}_{layer}.png"],
        caption="../workflow/report/layers.rst",
        category=report_title(dataset),
        subcategory=lambda wildcards: LAYER_PICTURES[wildcards.picture],
        labels={"variant": "{variant}", "layer": "{layer}"},
    )


def of_variants(dataset, file):
    """A file of every variant."""
    return [f"{REPLICATES}/{dataset}/{variant}/{file}" for variant in VARIANTS[dataset]]


def metrics(dataset):
    """The test metrics of every replicate of every variant."""
    files = replicates(dataset, "metrics.json")
    if dataset == "omniglot" and ONE_SHOT_RUNS:
        files += replicates(dataset, "one_shot.json")
    return files


def folder_digest(folder):
    """Digests of a folder's files: a parameter that re-runs a job when one changes."""
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return [f"{path.relative_to(folder)} {file_digest(path, 'sha256')}" for path in files]


def results_folder(path, below):
    """The folder that holds a result, as an executor without a shared file system has it.

    `below` is what follows the folder in the path, as in `variant/seed/file`.
    """
    return str(Path(path).parents[below.count("/")])


def dataset_targets(dataset):
    """All that is made of a data set, if any; whatever is missing of it is made again."""
    if dataset not in DATASETS:
        return []
    trained = [path for file in ("model.pt", "history.csv") for path in replicates(dataset, file)]
    in_report = [f"{RESULTS}/tables/{dataset}{table}.html" for table in TABLES]
    in_report += of_variants(dataset, "layers")
    in_report += [
        f"{REPLICATES}/{dataset}/{variant}/notebook.{kind}"
        for variant in notebook_variants(dataset)
        for kind in ("ipynb", "html")
    ]
    return dataset_results(dataset) + in_report + trained + metrics(dataset)


def dataset_results(dataset):
    """The tables and pictures of a data set that the summary shows."""
    pictures = ["curves.png", "accuracy.png", "firing.png"]
    episodes = []
    if dataset == "mnist":
        pictures.append("confusion.png")
    else:
        episodes = of_variants(dataset, "episode.png")
    return [
        *(
            f"{RESULTS}/tables/{dataset}{table}.{kind}"
            for table in TABLES
            for kind in ("md", "csv")
        ),
        *(f"{RESULTS}/{dataset}/{picture}" for picture in pictures),
        *of_variants(dataset, "heatmap.png"),
        *episodes,
    ]
