"""What the jobs of a study took, from Snakemake's benchmark files."""

from pathlib import Path

import pandas as pd

from binary_activations.reporting.labels import capitalised
from binary_activations.study.paths import benchmark_file
from binary_activations.study.result_files import TABLES, pictures
from binary_activations.study.tasks import TASKS

OF_THE_STUDY = ("reproduction", "story", "front_page")  # jobs of all data sets together


def _benchmarks(of_study, of_replicates, settings):
    """Yields the names of jobs, each with the benchmark files that it would have written."""
    dataset = settings["dataset"]

    def files(folder, *jobs):
        return [Path(benchmark_file(folder, f"{dataset}/{job}")) for job in jobs]

    drawn = ["draw_differences" if name == "differences" else name for name in pictures(settings)]
    for job in (*drawn, "heatmaps", "table", "differences", "evaluations"):
        yield job, files(of_study, job)
    yield "web_page", files(of_study, *(f"web_page{ending}" for ending in TABLES))
    yield "prepare", files(of_replicates, "prepare")
    archives = TASKS[dataset].archives
    yield "draw", [Path(benchmark_file(of_replicates, f"{archives}/draw"))]
    any_archive = Path(benchmark_file(of_replicates, f"{archives}/download/*"))
    yield "download", sorted(any_archive.parent.glob(any_archive.name))
    for variant in settings["variants"]:
        name = variant["name"]
        for job in ("train", "evaluate", "evaluate_one_shot"):
            of_seeds = [f"{name}/seed{seed}/{job}" for seed in settings["seeds"]]
            yield f"{job} {name}", files(of_replicates, *of_seeds)
        for job in ("pictures", "notebook", "notebook_page"):
            yield f"{job} {name}", files(of_replicates, f"{name}/{job}")


def costs(of_study, of_replicates, all_settings):
    """Tabulates time and memory of the jobs, from Snakemake's benchmark files.

    Args:
        of_study: folder of what is made of all variants together.
        of_replicates: folder of the replicates; jobs of one variant share a row.
        all_settings: each data set's `Study.result_settings`.

    Returns:
        A markdown table: data set, where there are several, job, how many, mean seconds, largest
        resident memory in MB. Files that are missing or cannot be read are left out.
    """
    named = [
        (capitalised(settings["title"]), *found)
        for settings in all_settings
        for found in _benchmarks(of_study, of_replicates, settings)
    ]
    named += [("", job, [Path(benchmark_file(of_study, job))]) for job in OF_THE_STUDY]
    rows = [
        {
            "data set": title,
            "job": job,
            "jobs": len(measured),
            "mean time (s)": f"{measured['s'].mean():.1f}",
            "largest memory (MB)": f"{measured['max_rss'].max():.0f}",
        }
        for title, job, files in named
        if (measured := _measured(files)) is not None
    ]
    if not rows:
        return "No benchmark files were found."
    table = pd.DataFrame(rows)
    if len(all_settings) == 1:
        table = table.drop(columns="data set")
    return table.to_markdown(index=False, floatfmt=".1f")


def training_minutes(of_replicates, settings):
    """Returns by variant how long its trainings took, in minutes, the mean over seeds.

    Args:
        of_replicates: folder of the replicates.
        settings: `Study.result_settings`.
    """
    minutes = {}
    for variant in settings["variants"]:
        places = [
            f"{settings['dataset']}/{variant['name']}/seed{seed}/train"
            for seed in settings["seeds"]
        ]
        measured = _measured([Path(benchmark_file(of_replicates, place)) for place in places])
        if measured is not None:
            minutes[variant["name"]] = measured["s"].mean() / 60
    return minutes


def _measured(files):
    """Returns what files hold, a row each, or None where none can be read."""
    readable = [path for path in files if path.is_file() and path.stat().st_size > 0]
    runs = [pd.read_csv(path, sep="\t", na_values="-") for path in readable]
    return pd.concat(runs) if runs else None
