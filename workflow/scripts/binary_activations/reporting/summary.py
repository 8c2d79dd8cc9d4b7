"""The summary page: tables, pictures, what is known of the published figures, costs."""

import re
from pathlib import Path

import pandas as pd

from binary_activations.reporting.costs import costs, training_minutes
from binary_activations.reporting.firing_rates import firing_rates_table
from binary_activations.reporting.labels import EMBEDDED_NOTICE, capitalised
from binary_activations.reporting.recipes import recipe_table
from binary_activations.reporting.tables import read_published
from binary_activations.reporting.variant_tables import read_variant_tables
from binary_activations.study.paths import dataset_file, table_file, variant_file
from binary_activations.study.result_files import pictures
from binary_activations.study.tasks import ONE_SHOT_TASK, is_few_shot

FROZEN_NOTE = """\
**The published MNIST figures.** In the published code the REINFORCE layers sample from a
distribution but never use its log-probability, so no gradient reaches what lies below them: its six
REINFORCE rows are networks with frozen random filters under the binary layer."""

ESTIMATOR_NOTES = {
    "running_mean": """\
Here REINFORCE is the real score function, so these rows are not expected to agree with the
published ones; `config/control.yaml` repeats what was published, with `estimator: none`. Applied to
deterministic units the score function is a heuristic: a deterministic unit has none.""",
    "none": """\
Rows of no gradient are trained as these were.""",
    "local_expectation": """\
Local expectations have no published counterpart.""",
}

RECIPE_NOTE = """\
The published networks were trained at a learning rate of 0.1, and the epoch kept was that with the
lowest loss on 6,000 training images held out. The recipes below are those of this page."""

THIRD_LAYER_NOTE = """\
**The published Omniglot figures** rest on 250 queries each, about ±5 points of sampling error.
The weights that were published with them, on 5,000 queries (retested), and networks trained anew by
the published code and schedule with three seeds (retrained), give the figures below. Both were
measured with the published code on the real data; this project has no program for them. The
published third-layer figure is almost certainly an artefact: its weights had 200 training episodes
where the others had 100, and score as a second-layer network when run as one. The published code
watches the accuracy on the evaluation characters as it trains, and keeps the last epoch, as
`config/published.yaml` does. `config/config.yaml` keeps the epoch with the lowest loss on
background alphabets held out."""

LATER_NOTE = """\
**The later published MNIST figures** are of networks of 10 and 20 filters of 3 x 3, with ReLU. In
mixed ones the first half of each layer is binary and the second half real; the halves meet in the
linear layer alone. Their learning rate is not known; here each was chosen on validation images
(`config/sweep_second_study.yaml`)."""

CHARACTERS_NOTE = """\
**The published figures of characters** are of networks of 29 million parameters: five layers of 64
to 512 filters on drawings of 105 x 105, and two linear layers. Those here have 0.2 million: four
layers of 64 filters on drawings of 28 x 28, and one linear layer. So what stride, mixed layers and
a binary layer change is to be compared, and not the accuracies."""

# By published study and data set: texts, each with the estimator, if any, whose pages show it.
NOTES = {
    ("first", "mnist"): [(None, FROZEN_NOTE), *ESTIMATOR_NOTES.items(), (None, RECIPE_NOTE)],
    ("first", "omniglot"): [(None, THIRD_LAYER_NOTE)],
    ("second", "mnist"): [(None, LATER_NOTE)],
    ("second", "characters"): [(None, CHARACTERS_NOTE)],
}

# Columns of config/published_results.csv, as the table below the note of Omniglot calls them.
REMEASURED = {
    "accuracy": "published (%)",
    "retested_accuracy": "retested (%)",
    "retrained_accuracy": "retrained (%)",
    "retrained_std": "deviation over seeds",
}

ONE_SHOT_NOTE = """\
**The original one-shot task** has 20 runs of 20 characters, all of one alphabet. Published
accuracies on it (Lake, Salakhutdinov & Tenenbaum 2015, Science 350): people 95.5 %, Bayesian
program learning 96.7 %, a siamese network 92.0 %, a plain convolutional network 86.5 %."""

FOLDED = "<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def summary_page(results, settings, published):
    """Writes the page.

    Args:
        results: folder of the results; links are relative to it.
        settings: `title` and `about`, in markdown; `replicates`, the folder of the replicates as
            seen from that of the results; `datasets`, a list of `Study.result_settings`;
            `recipes`, by data set and variant each `Study.recipe`; `reproduced`, the data sets
            that the picture of the published figures shows; `captions`, by picture.
        published: path of config/published_results.csv.

    Returns:
        Markdown text. Findings come first, then the tables, then pictures; long tables are folded.
    """
    page = _Page(results, settings)
    parts = [f"# {settings['title']}"]
    if settings["about"]:
        parts.append(settings["about"].strip())
    parts.append("## In short\n\n" + page.text("story.md"))
    if settings["reproduced"]:
        parts.append(page.picture("published.png", "published"))
    for dataset in settings["datasets"]:
        parts.extend(_dataset_section(page, dataset, published))
    parts.append("## How the networks were trained")
    parts.extend(_recipes(page))
    return "\n\n".join(parts) + "\n"


class _Page:
    """What a page shows from the folder of the results."""

    def __init__(self, results, settings):
        self.results, self.settings = results, settings
        self.replicates = results / settings["replicates"]

    def text(self, path):
        """Returns a text of the results."""
        return Path(self.results, path).read_text(encoding="utf-8").strip()

    def caption(self, name):
        """Returns a caption in italics."""
        return f"*{self.settings['captions'][name]}*"

    def picture(self, path, name):
        """Returns a picture with its caption; the start of that describes it to those who cannot
        see it."""
        caption = self.caption(name)
        return f"![{re.split('[:.]', caption)[0][1:]}]({path})\n\n{caption}"

    def of_variants(self, settings, name, caption):
        """Yields a caption, and below it a picture of each variant."""
        yield self.caption(caption)
        for variant in settings["variants"]:
            place = self.settings["replicates"], settings["dataset"], variant["name"], name
            yield f"![{variant['name']}]({Path(variant_file(*place)).as_posix()})"


def _folded(title, *parts):
    return FOLDED.format(title=title, body="\n\n".join(parts))


def _dataset_section(page, settings, published):
    dataset, few_shot = settings["dataset"], is_few_shot(settings["dataset"])

    def table(ending):  # the story says already that data are embedded
        text = page.text(table_file(".", dataset, f"{ending}.md"))
        return text.removeprefix(EMBEDDED_NOTICE).strip()

    yield f"## {capitalised(settings['title'])}"
    yield table("")
    for name in pictures(settings):
        if name == "curves":
            yield _folded("All differences, with p values", table("_differences"))
            if settings["origin"] == "official":
                yield from _notes(settings, published)
        yield page.picture(f"{dataset}/{name}.png", name)
        if name == "firing":
            tables = read_variant_tables(settings, page.replicates, "firing.csv")
            yield _folded("How often units fire, in numbers", firing_rates_table(tables))
    if any(variant["mode"] == "stochastic" for variant in settings["variants"]):
        yield _folded("The same networks, evaluated in other ways", table("_evaluations"))
    if few_shot:
        yield _folded("A test episode", *page.of_variants(settings, "episode.png", "episode"))
    yield page.caption("heatmaps")
    sheets = Path(dataset_file(page.results, dataset, "heatmaps")).glob("*.png")
    for sheet in sorted(sheets):
        yield f"![Heatmaps of {sheet.stem}]({dataset}/heatmaps/{sheet.name})"
    alone = page.of_variants(settings, "heatmap.png", "heatmap")
    yield _folded("Heatmaps of each network by itself", *alone)


def _notes(settings, published):
    """Yields what is known of the published figures."""
    shown = {None, *(variant["estimator"] for variant in settings["variants"])}
    remeasured = read_published(settings, published).dropna(axis="columns", how="all")
    for study in remeasured.get("study", pd.Series()).unique():
        told = NOTES[study, settings["dataset"]]
        yield "\n".join(text for estimator, text in told if estimator in shown)
    if "retested_accuracy" in remeasured:
        table = remeasured[list(REMEASURED)].rename(columns=REMEASURED)
        yield table.to_markdown(floatfmt=".1f")
    if ONE_SHOT_TASK in settings.get("tasks", []):
        yield ONE_SHOT_NOTE


def _recipes(page):
    settings = page.settings
    for dataset in settings["datasets"]:
        recipes = settings["recipes"][dataset["dataset"]]
        table = recipe_table(recipes, training_minutes(page.replicates, dataset))
        yield _folded(f"Recipes and minutes, {dataset['title']}", table)
    yield _folded(
        "Time and memory of all jobs", costs(page.results, page.replicates, settings["datasets"])
    )
