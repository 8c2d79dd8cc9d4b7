"""Result tables: replicates to rows, beside the published figures."""

import base64
import itertools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd

from binary_activations.errors import StudyError
from binary_activations.reporting.intervals import (
    episodes_interval,
    t_interval,
)
from binary_activations.reporting.labels import EMBEDDED_NOTICE, groups
from binary_activations.reporting.noise import Noise
from binary_activations.study.paths import replicate_file
from binary_activations.study.tasks import ONE_SHOT_TASK, is_few_shot


def read_metrics(settings, folder):
    """Returns the test metrics of every replicate.

    Args:
        settings: `Study.result_settings`.
        folder: of the replicates (`study.paths`).

    Returns:
        A row per replicate and few-shot task, in the order of the variants and seeds:
        `variant`, `seed`, `loss`, `accuracy` (percent) and `evaluations`, by name the `loss` and
        `accuracy` (0 to 1) of other evaluations; of classification also `correct`, an array that
        says of each test image whether its class was found, and `confusion`, how many images of
        each class (row) were taken for each class (column), None of many classes; of few-shot tasks
        `task` and `accuracies`, an array of each episode's (percent).

    Raises:
        StudyError: where a file is not a replicate's metrics.
    """
    rows = []
    for variant, seed in itertools.product(settings["variants"], settings["seeds"]):
        place = (folder, settings["dataset"], variant["name"], seed)
        path = Path(replicate_file(*place, "metrics.json"))
        try:
            metrics = json.loads(path.read_text(encoding="utf-8"))
            results = metrics["tasks"] if is_few_shot(settings["dataset"]) else [metrics]
            if ONE_SHOT_TASK in settings.get("tasks", []):
                path = Path(replicate_file(*place, "one_shot.json"))
                results += json.loads(path.read_text(encoding="utf-8"))["tasks"]
            for result in results:
                row = {
                    "variant": variant["name"],
                    "seed": seed,
                    "loss": result["loss"],
                    "accuracy": 100 * result["accuracy"],
                    "evaluations": result.get("evaluations", {}),
                }
                if is_few_shot(settings["dataset"]):
                    accuracies = 100 * np.array(result["accuracies"])
                    row |= {"task": result["task"], "accuracies": accuracies}
                else:
                    correct = _unpacked(result["correct"], result["images"])
                    row |= {"confusion": result.get("confusion"), "correct": correct}
                rows.append(row)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StudyError(f"{path}: not a replicate's metrics; delete it, run again") from error
    return pd.DataFrame(rows)


def _unpacked(text, count):
    """Returns the flags that `classification_metrics.packed` packed: boolean [count]."""
    packed = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    return np.unpackbits(packed, count=count).astype(bool)


def first_task(table, settings):
    """Returns the rows of the first task; of classification, which has one task, all rows."""
    return table[table["task"] == settings["tasks"][0]] if "task" in table else table


def by_task(settings):
    """Returns the settings of each task by itself, the first task's first.

    The original one-shot task is left out: its few runs are the same for every seed, so what seeds
    tell of the noise leaves them out.

    Args:
        settings: `Study.result_settings`.

    Returns:
        Settings whose `tasks` has, and whose `title` names, one task; of classification, which has
        one task, the same settings.
    """
    if "tasks" not in settings:
        return [settings]
    first, *others = (task for task in settings["tasks"] if task != ONE_SHOT_TASK)
    title = settings["title"].removesuffix(first)
    return [settings | {"title": title + task, "tasks": [task]} for task in (first, *others)]


def read_published(settings, path):
    """Returns the published figures of a data set.

    Args:
        settings: `Study.result_settings`.
        path: config/published_results.csv.

    Returns:
        A row for each variant, with the columns of the published one that it is compared with. No
        rows for embedded data, which have no published figures.

    Raises:
        StudyError: where it is not a table, a column is missing or a variant appears twice.
    """
    try:
        published = pd.read_csv(path, dtype={"loss": float, "accuracy": float})
    except (ValueError, OSError) as error:
        raise StudyError(f"{path}: not a table of figures ({error})") from error
    if missing := {"study", "dataset", "variant", "loss", "accuracy", "estimator"} - set(
        published.columns
    ):
        raise StudyError(f"{path}: has no column {', '.join(sorted(missing))}")
    if (twice := published.duplicated(["dataset", "variant"])).any():
        raise StudyError(f"{path}: row {twice.idxmax() + 2} repeats an earlier variant")
    of_dataset = (published["dataset"] == settings["dataset"]) & (settings["origin"] == "official")
    published = published[of_dataset].set_index("variant")
    compared = pd.Series({row["name"]: row["published"] for row in settings["variants"]})
    compared = compared[compared.isin(published.index)]
    return published.loc[compared].set_axis(compared.index.rename("variant"))


def result_table(metrics, published, settings):
    """Computes mean and standard deviation over seeds, beside the published figures.

    Args:
        metrics: as `read_metrics` returns them.
        published: as `read_published` returns them.
        settings: `Study.result_settings`.

    Returns:
        A row per variant: `variant`, `seeds`, `loss_mean`, `loss_std`, `accuracy_mean`,
        `accuracy_std`, `accuracy_ci95`, `accuracy_prediction95`, `published_loss`,
        `published_accuracy`, `published_estimator` (`none`, where the published network was trained
        without the gradient of its name). `accuracy_ci95` is the half-width of the mean's 95 %
        interval, over seeds and test images, without what a seed changes in all variants alike.
        `accuracy_prediction95` is that of the interval that one more replicate's accuracy lies in
        with 95 % probability (`noise.Noise.prediction`). For Omniglot, a row per variant and
        `task`, without losses and prediction; only the first task has a published accuracy. Its
        `accuracy_ci95` is over seeds and episodes, or the runs of the original one-shot task; of
        one seed, over its episodes or runs. What needs several seeds is empty for one seed.
    """
    few_shot = is_few_shot(settings["dataset"])
    groups = metrics.groupby(["variant", "task"] if few_shot else "variant", sort=False)
    table = pd.DataFrame(
        {
            "seeds": groups["seed"].count(),
            "loss_mean": groups["loss"].mean(),
            "loss_std": groups["loss"].std(),
            "accuracy_mean": groups["accuracy"].mean(),
            "accuracy_std": groups["accuracy"].std(),
        }
    )
    families = {row["name"]: row["family"] for row in settings["variants"]}
    if few_shot:
        table = table.drop(columns=["loss_mean", "loss_std"])
        intervals = {
            task: _few_shot_intervals(task, rows, families)
            for task, rows in metrics.groupby("task")
        }
        table["accuracy_ci95"] = [intervals[task][variant] for variant, task in table.index]
    else:
        noise = Noise(metrics, families)
        table["accuracy_ci95"] = [noise.difference({name: 1.0}).half_width for name in table.index]
        table["accuracy_prediction95"] = [noise.prediction(name) for name in table.index]
    table = table.reset_index()
    if not few_shot:
        table["published_loss"] = table["variant"].map(published["loss"])
    table["published_accuracy"] = table["variant"].map(published["accuracy"])
    table["published_estimator"] = table["variant"].map(published["estimator"])
    if few_shot:
        table.loc[table["task"] != settings["tasks"][0], "published_accuracy"] = math.nan
    return table


def _few_shot_intervals(task, replicates, families):
    """Computes the half-widths of the 95 % intervals of mean accuracies on one task, by variant.

    A variant's seeds vary by its trainings and by what their episodes change in it alone. What they
    change in all variants alike is added: it is taken off where variants are compared."""
    by_variant = replicates.groupby("variant", sort=False)["accuracies"]
    accuracies = {name: np.array(list(found)) for name, found in by_variant}
    noise = Noise(replicates, families)
    if task == ONE_SHOT_TASK:  # few runs, the same for every seed
        drawn = {name: t_interval(found.mean(0)) for name, found in accuracies.items()}
    elif noise.seeds == 1:
        drawn = {name: episodes_interval(found) for name, found in accuracies.items()}
    else:
        shared = sum(weight * accuracies[name] for name, weight in noise.shared.items())
        drawn = dict.fromkeys(accuracies, episodes_interval(shared))
    if noise.seeds == 1:
        return drawn
    return {
        name: math.hypot(drawn[name], noise.difference({name: 1.0}).half_width)
        for name in accuracies
    }


def _measured(mean, spread, digits, best):
    text = f"{mean:.{digits}f}" + ("" if math.isnan(spread) else f" ± {spread:.{digits}f}")
    return f"**{text}**" if best else text


def _differs(entry):
    distance = abs(entry["published_accuracy"] - entry["accuracy_mean"])
    return distance > entry.get("accuracy_prediction95", math.inf)


def _predicted(entry):
    """Says the 95 % prediction interval of one more replicate, where there is one."""
    mean, half_width = entry["accuracy_mean"], entry["accuracy_prediction95"]
    if math.isnan(half_width) or math.isnan(entry["published_accuracy"]):
        return ""
    return f"{mean - half_width:.2f} to {min(mean + half_width, 100.0):.2f}"


def _published(value, digits):
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def markdown_table(table, settings):
    """Writes a result table for people: grouped, the best of each group of several in bold.

    Args:
        table: as `result_table` returns it.
        settings: `Study.result_settings`.

    Returns:
        Markdown text, which says what the ± are.
    """
    has_loss = "loss_mean" in table
    compared = table["published_accuracy"].notna().any()
    tasks = settings.get("tasks", [""])
    rows = []
    for group, variants in groups(settings):
        names = [variant["name"] for variant in variants]
        members = table[table["variant"].isin(names)]
        for position, variant in enumerate(variants):
            row = {
                "units, estimator": group if position == 0 else "",
                "binary layers": ", ".join(variant["layers"]) or "none",
                "variant": f"`{variant['name']}`",
            }
            if has_loss:
                entry, best = _entry(members, variant["name"], "loss_mean", "min")
                row["loss"] = _measured(entry["loss_mean"], math.nan, 4, best)
                if table["published_loss"].notna().any():
                    row["published loss"] = _published(entry["published_loss"], 4)
            for task in tasks:
                of_task = members[members["task"] == task] if task else members
                entry, best = _entry(of_task, variant["name"], "accuracy_mean", "max")
                column = "accuracy (%)" if len(tasks) == 1 else f"{task} (%)"
                row[column] = _measured(entry["accuracy_mean"], entry["accuracy_ci95"], 2, best)
                if len(settings["seeds"]) > 1 and task == tasks[0]:
                    row["deviation over seeds"] = f"{entry['accuracy_std']:.2f}"
                if compared and task == tasks[0]:
                    frozen = entry["published_estimator"] == "none"
                    marks = " †" * bool(_differs(entry)) + " ‡" * bool(frozen)
                    text = _published(entry["published_accuracy"], 2)
                    row["published accuracy (%)"] = text + marks
                    if has_loss and len(settings["seeds"]) > 1:
                        row["one more training (%)"] = _predicted(entry)
            rows.append(row)
    seeds = len(settings["seeds"])
    drawn = "test images" if has_loss else "test episodes"
    over = f"seeds and {drawn}" if seeds > 1 else drawn
    caption = f"Mean over {seeds} seeds" if seeds > 1 else "One seed"
    caption += f"; ± the 95 % interval over {over}." if seeds > 1 or not has_loss else "."
    caption += " Best of each group in bold."
    if any(_differs(entry) for entry in table.to_dict("records")):
        caption += " † outside the interval that one more training lies in with 95 % probability."
    if (table["published_estimator"] == "none").any():
        caption += " ‡ published as REINFORCE; no gradient reached the filters below."
    text = pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)
    notice = f"{EMBEDDED_NOTICE}\n\n" if settings["origin"] == "embedded" else ""
    return f"{notice}{text}\n\n{caption}\n"


def _entry(members, variant, column, best):
    """Returns a variant's row, and whether it is the best of several in a column."""
    entry = members[members["variant"] == variant].iloc[0]
    return entry, len(members) > 1 and entry[column] == members[column].agg(best)
