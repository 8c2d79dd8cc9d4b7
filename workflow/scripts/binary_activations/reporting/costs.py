"""What the jobs of a study took, from Snakemake's benchmark files."""

from pathlib import Path

import pandas as pd

from binary_activations.reporting.labels import capitalised
from binary_activations.study.paths import benchmark_file
from binary_activations.study.result_files import pictures


def _benchmarks(of_study, of_replicates, settings):
    """Yields the names of jobs, each with the benchmark files that it would have written."""
    dataset = settings["dataset"]

    def files(folder, *jobs):
        return [Path(benchmark_file(folder, f"{dataset}/{job}")) for job in jobs]

    drawn = ["draw_differences" if name == "differences" else name for name in pictures(settings)]
    for job in (*drawn, "heatmaps", "table", "differences", "evaluations"):
        yield job, files(of_study, job)
    for job in ("draw", "prepare"):
        yield job, files(of_replicates, job)
    (any_archive,) = files(of_replicates, "download/*")
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
        A markdown table: job, how many, mean seconds, largest resident memory in MB. Files that
        are missing or cannot be read are left out.
    """
    rows = []
    for settings in all_settings:
        for job, files in _benchmarks(of_study, of_replicates, settings):
            measured = _measured(files)
            if measured is None:
                continue
            rows.append(
                {
                    "data set": capitalised(settings["title"]),
                    "job": job,
                    "jobs": len(measured),
                    "mean time (s)": f"{measured['s'].mean():.1f}",
                    "largest memory (MB)": f"{measured['max_rss'].max():.0f}",
                }
            )
    if not rows:
        return "No benchmark files were found."
    return pd.DataFrame(rows).to_markdown(index=False, floatfmt=".1f")


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
