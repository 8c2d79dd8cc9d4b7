"""The summary page: tables, pictures, what is known of the published figures, costs."""

from pathlib import Path

import pandas as pd

from binary_activations.reporting.labels import capitalised
from binary_activations.reporting.tables import read_published

REINFORCE_NOTE = """\
**The published REINFORCE rows.** In the published code those layers sample from a distribution
but never use its log-probability, so no gradient reaches what lies below them: its six REINFORCE
rows are networks with frozen random filters under the binary layer. Here the score-function
estimator is the real one, so these rows are not expected to agree; `config/control.yaml` repeats
the published behaviour, with `estimator: none`. Applied to deterministic units the score function
is a heuristic: a deterministic unit has none."""

THIRD_LAYER_NOTE = """\
**The published Omniglot figures** rest on 250 queries each, about ±5 points of sampling error.
The same weights on 5,000 queries (retested), and networks trained anew by the published schedule
with three seeds (retrained), give the figures below. The published third-layer figure is almost
certainly an artefact: its weights had 200 training episodes where the others had 100, and score
as a second-layer network when run as one."""

EPISODE_NOTE = """\
The same test episode for every variant: the support set above, a query in each row, and its
attention to each class. The query's own class is framed."""

HEATMAP_NOTE = """\
Mean over a layer's channels, divided by its maximum, so a layer of 1 x 1 (the fourth of a matching
network) is 1 wherever it fires at all. Where units are stochastic, the mean over many
samples stands beside a single one."""


def summary_page(results, settings, published):
    """Write the page.

    Args:
        results: folder of the results; links are relative to it.
        settings: `title` and `about`, in markdown; `replicates`, the folder of the replicates as
            seen from that of the results; `datasets`, a list of `configuration.result_settings`.
        published: path of config/published_results.csv.

    Returns:
        Markdown text.
    """
    parts = [f"# {settings['title']}"]
    if settings["about"]:
        parts.append(settings["about"].strip())
    parts.append("## In short\n\n" + (results / "story.md").read_text(encoding="utf-8").strip())
    replicates = settings["replicates"]
    for dataset in settings["datasets"]:
        parts.extend(_dataset_section(results, replicates, dataset, published))
    folders = (results / "benchmarks", results / replicates / "benchmarks")
    parts.extend(["## Time and memory", costs(*folders, settings["datasets"])])
    return "\n\n".join(parts) + "\n"


def _dataset_section(results, replicates, settings, published):
    dataset, title = settings["dataset"], capitalised(settings["title"])
    yield f"## {title}"
    yield (results / "tables" / f"{dataset}.md").read_text(encoding="utf-8").strip()
    yield f"![Test accuracy]({dataset}/accuracy.png)"
    if settings["origin"] == "official":
        yield REINFORCE_NOTE if dataset == "mnist" else THIRD_LAYER_NOTE
        remeasured = read_published(settings, published).dropna(axis="columns", how="all")
        if "retested_accuracy" in remeasured:
            yield remeasured.drop(columns="dataset").to_markdown()
    several = len(settings["seeds"]) > 1
    compared = "Which differences are larger than their noise" if several else "Differences"
    yield f"### {compared}, {title}"
    differences = results / "tables" / f"{dataset}_differences.md"
    yield differences.read_text(encoding="utf-8").strip()
    yield f"![Learning curves]({dataset}/curves.png)"
    yield f"![How often binary units fire]({dataset}/firing.png)"
    if dataset == "mnist":
        yield f"![Errors]({dataset}/confusion.png)"
    else:
        yield f"### Episodes, {title}"
        yield EPISODE_NOTE
        for variant in settings["variants"]:
            path = Path(replicates, dataset, variant["name"], "episode.png").as_posix()
            yield f"![{variant['name']}, an episode]({path})"
    yield f"### Heatmaps, {title}"
    yield HEATMAP_NOTE
    for variant in settings["variants"]:
        path = Path(replicates, dataset, variant["name"], "heatmap.png").as_posix()
        yield f"![{variant['name']}]({path})"


def _benchmarks(of_study, of_replicates, settings):
    """Names of jobs, and the benchmark files that they would have written."""
    for job in ("curves", "accuracy", "firing", "confusion", "table", "differences"):
        yield job, [of_study / settings["dataset"] / f"{job}.tsv"]
    dataset = of_replicates / settings["dataset"]
    for job in ("draw", "prepare"):
        yield job, [dataset / f"{job}.tsv"]
    yield "download", sorted(dataset.glob("download/*.tsv"))
    for variant in settings["variants"]:
        name = variant["name"]
        for job in ("train", "evaluate", "evaluate_one_shot"):
            files = [dataset / name / f"seed{seed}" / f"{job}.tsv" for seed in settings["seeds"]]
            yield f"{job} {name}", files
        for job in ("pictures", "notebook", "notebook_page"):
            yield f"{job} {name}", [dataset / name / f"{job}.tsv"]


def costs(of_study, of_replicates, all_settings):
    """Time and memory of the jobs, read from Snakemake's benchmark files.

    Args:
        of_study: folder of the benchmark files of what is made of all variants together.
        of_replicates: of the replicates' and of the data's; those of one variant share a row.
        all_settings: each data set's `configuration.result_settings`.

    Returns:
        A markdown table: job, how many, mean seconds, largest resident memory in MB. Files that
        are missing or cannot be read are left out.
    """
    rows = []
    for settings in all_settings:
        for job, files in _benchmarks(of_study, of_replicates, settings):
            runs = [pd.read_csv(f, sep="\t", na_values="-") for f in files if _readable(f)]
            if not runs:
                continue
            measured = pd.concat(runs)
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


def _readable(path):
    return path.is_file() and path.stat().st_size > 0
