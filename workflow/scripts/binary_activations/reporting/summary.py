"""The summary page: tables, pictures, what is known of the published figures, costs."""

from pathlib import Path

from binary_activations.reporting.costs import costs, training_minutes
from binary_activations.reporting.labels import capitalised
from binary_activations.reporting.recipes import recipe_table
from binary_activations.reporting.tables import read_published
from binary_activations.study.paths import dataset_file, table_file, variant_file
from binary_activations.study.tasks import ONE_SHOT_TASK, is_few_shot

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
The weights that were published with them, on 5,000 queries (retested), and networks trained anew by
the published code and schedule with three seeds (retrained), give the figures below. Both were
measured with the published code on the real data, not with this project's, which cannot repeat
them. The published third-layer figure is almost
certainly an artefact: its weights had 200 training episodes where the others had 100, and score
as a second-layer network when run as one. The published code watches the accuracy on the
evaluation characters as it trains, and keeps the last epoch. This study keeps the epoch with the
lowest loss on background alphabets held out."""

ONE_SHOT_NOTE = """\
**The original one-shot task** has 20 runs of 20 characters, all of one alphabet. Published
accuracies on it (Lake, Salakhutdinov & Tenenbaum 2015, Science 350): people 95.5 %, Bayesian
program learning 96.7 %, a siamese network 92.0 %, a plain convolutional network 86.5 %."""

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
            seen from that of the results; `datasets`, a list of `Study.result_settings`;
            `recipes`, by data set and variant each `Study.recipe`; `reproduced`, the data sets
            that the picture of the published figures shows.
        published: path of config/published_results.csv.

    Returns:
        Markdown text.
    """
    parts = [f"# {settings['title']}"]
    if settings["about"]:
        parts.append(settings["about"].strip())
    parts.append("## In short\n\n" + _text(results / "story.md"))
    if settings["reproduced"]:
        parts.append("![The published figures, and the same networks trained here](published.png)")
    replicates = settings["replicates"]
    for dataset in settings["datasets"]:
        parts.extend(_dataset_section(results, replicates, dataset, published))
    parts.append("## Recipes, time and memory")
    for dataset in settings["datasets"]:
        recipes = settings["recipes"][dataset["dataset"]]
        parts.append(f"### Trainings, {capitalised(dataset['title'])}")
        parts.append(recipe_table(recipes, training_minutes(results / replicates, dataset)))
    jobs = costs(results, results / replicates, settings["datasets"])
    parts.append(f"<details>\n<summary>All jobs</summary>\n\n{jobs}\n\n</details>")
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
        if ONE_SHOT_TASK in settings.get("tasks", []):
            yield ONE_SHOT_NOTE
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
    for path in sorted(Path(dataset_file(results, dataset, "heatmaps")).glob("*.png")):
        yield f"![Heatmaps of {path.stem}]({dataset}/heatmaps/{path.name})"
    yield "<details>\n<summary>Each network by itself</summary>"
    for variant in settings["variants"]:
        path = Path(variant_file(replicates, dataset, variant["name"], "heatmap.png"))
        yield f"![{variant['name']}]({path.as_posix()})"
    yield "</details>"
