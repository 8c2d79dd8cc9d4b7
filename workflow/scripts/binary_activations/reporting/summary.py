"""The summary page: tables, pictures, what is known of the published figures, costs."""

from pathlib import Path

import pandas as pd

from binary_activations.reporting.labels import capitalised
from binary_activations.reporting.tables import read_published
from binary_activations.study.paths import benchmark_file, table_file, variant_file
from binary_activations.study.tasks import is_few_shot

REINFORCE_NOTE = """\
**The published MNIST figures.** Each stands beside the variant of its own name; rows of local
expectations have no published counterpart. In the published code the REINFORCE layers sample from a
distribution but never use its log-probability, so no gradient reaches what lies below them: its six
REINFORCE rows are networks with frozen random filters under the binary layer. Here REINFORCE is the
real score function, so these rows are not expected to agree; `config/control.yaml` repeats the
published behaviour, with `estimator: none`. Applied to deterministic units the score function is a
heuristic: a deterministic unit has none. The published code keeps the epoch with the lowest loss on
6,000 training images held out, as this study does. The program that it derives from kept the epoch
with the highest test accuracy."""

THIRD_LAYER_NOTE = """\
**The published Omniglot figures** rest on 250 queries each, about ±5 points of sampling error.
The same weights on 5,000 queries (retested), and networks trained anew by the published schedule
with three seeds (retrained), give the figures below. The published third-layer figure is almost
certainly an artefact: its weights had 200 training episodes where the others had 100, and score
as a second-layer network when run as one. The published code watches the accuracy on the
evaluation characters as it trains, and keeps the last epoch. This study keeps the epoch with the
lowest loss on background alphabets held out."""

EPISODE_NOTE = """\
The same test episode for every variant: the support set above, a query in each row, and its
attention to each class. The query's own class is framed."""

HEATMAP_NOTE = """\
Mean over a layer's channels, divided by its maximum, so a layer of 1 x 1 (the fourth of a matching
network) is 1 wherever it fires at all. Where units are stochastic, the mean over many
samples stands beside a single one."""


def summary_page(results, settings, published):
    """Writes the page.

    Args:
        results: folder of the results; links are relative to it.
        settings: `title` and `about`, in markdown; `replicates`, the folder of the replicates as
            seen from that of the results; `datasets`, a list of `Study.result_settings`.
        published: path of config/published_results.csv.

    Returns:
        Markdown text.
    """
    parts = [f"# {settings['title']}"]
    if settings["about"]:
        parts.append(settings["about"].strip())
    parts.append("## In short\n\n" + _text(results / "story.md"))
    replicates = settings["replicates"]
    for dataset in settings["datasets"]:
        parts.extend(_dataset_section(results, replicates, dataset, published))
    costs_table = costs(results, results / replicates, settings["datasets"])
    parts.extend(["## Time and memory", costs_table])
    return "\n\n".join(parts) + "\n"


def _text(path):
    return Path(path).read_text(encoding="utf-8").strip()


def _dataset_section(results, replicates, settings, published):
    dataset, title = settings["dataset"], capitalised(settings["title"])
    few_shot = is_few_shot(settings["dataset"])
    yield f"## {title}"
    yield _text(table_file(results, dataset, ".md"))
    yield f"![Test accuracy]({dataset}/accuracy.png)"
    if settings["origin"] == "official":
        yield THIRD_LAYER_NOTE if few_shot else REINFORCE_NOTE
        remeasured = read_published(settings, published).dropna(axis="columns", how="all")
        if "retested_accuracy" in remeasured:
            yield remeasured.drop(columns="dataset").to_markdown()
    yield f"### Differences, {title}"
    yield _text(table_file(results, dataset, "_differences.md"))
    if any(variant["mode"] == "stochastic" for variant in settings["variants"]):
        yield f"### The same networks, evaluated in other ways, {title}"
        yield _text(table_file(results, dataset, "_evaluations.md"))
    yield f"![Learning curves]({dataset}/curves.png)"
    yield f"![How often binary units fire]({dataset}/firing.png)"
    if not few_shot:
        yield f"![Errors]({dataset}/confusion.png)"
    else:
        yield f"### Episodes, {title}"
        yield EPISODE_NOTE
        for variant in settings["variants"]:
            path = Path(variant_file(replicates, dataset, variant["name"], "episode.png"))
            yield f"![{variant['name']}, an episode]({path.as_posix()})"
    yield f"### Heatmaps, {title}"
    yield HEATMAP_NOTE
    for variant in settings["variants"]:
        path = Path(variant_file(replicates, dataset, variant["name"], "heatmap.png"))
        yield f"![{variant['name']}]({path.as_posix()})"


def _benchmarks(of_study, of_replicates, settings):
    """Yields the names of jobs, each with the benchmark files that it would have written."""
    dataset = settings["dataset"]

    def files(folder, *jobs):
        return [Path(benchmark_file(folder, f"{dataset}/{job}")) for job in jobs]

    for job in ("curves", "accuracy", "firing", "confusion", "table", "differences", "evaluations"):
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
