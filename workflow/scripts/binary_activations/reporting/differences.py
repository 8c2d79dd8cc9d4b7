"""Which differences between variants are larger than their noise."""

import numpy as np
import pandas as pd

from binary_activations.reporting.intervals import episodes_interval, t_interval
from binary_activations.reporting.labels import EMBEDDED_NOTICE, estimator_name
from binary_activations.reporting.tables import first_task


def _levels(variant, settings):
    return {
        "units": variant["mode"],
        "estimator": estimator_name(variant, settings),
        "slope": variant["slope"],
        "layers": ", ".join(variant["layers"]) or "none",
    }


def compared_variants(settings):
    """Lists the comparisons of a study.

    Each variant is compared with the network without a binary layer, of the same slope if there is
    one, and with the first variant of the table that differs from it in one thing alone. The
    learning rate below binary layers goes with the estimator and the layers.

    Args:
        settings: `Study.result_settings`.

    Returns:
        A data frame: `differs`, what differs; `variant` and `reference`, names; `level` and
        `reference_level`, what each is in what differs.
    """
    columns = ["differs", "variant", "reference", "level", "reference_level"]
    levels = {variant["name"]: _levels(variant, settings) for variant in settings["variants"]}
    rows = []

    def compare(differs, variant, reference, factor):
        values = (levels[name][factor] for name in (variant, reference))
        rows.append((differs, variant, reference, *values))

    plain = [variant["name"] for variant in settings["variants"] if not variant["layers"]]
    binary = [variant["name"] for variant in settings["variants"] if variant["layers"]]
    for variant in binary:
        alike = [name for name in plain if levels[name]["slope"] == levels[variant]["slope"]]
        for reference in (alike or plain)[:1]:
            compare("binary layers", variant, reference, "layers")
    for factor in ("units", "estimator", "slope", "layers"):
        first = {}
        for variant in binary:
            others = tuple(value for key, value in levels[variant].items() if key != factor)
            reference = first.setdefault(others, variant)
            if levels[reference][factor] != levels[variant][factor]:
                compare(factor, variant, reference, factor)
    return pd.DataFrame(rows, columns=columns)


def differences(metrics, settings):
    """Computes differences in test accuracy, paired by seed and, for Omniglot, by episode.

    Args:
        metrics: as `tables.read_metrics` returns them.
        settings: `Study.result_settings`.

    Returns:
        `compared_variants` with further columns, for Omniglot on the first task. `by_seed` is an
        array of each seed's difference (variant minus reference, percentage points), and
        `difference` its mean. `seeds_ci95` is the half-width of the mean's 95 % interval by
        Student's t over the seeds (empty for one seed). For Omniglot, `episodes_ci95` is the
        half-width over the episodes, which are the same for both variants.
    """
    metrics = first_task(metrics, settings)
    by_variant = dict(list(metrics.groupby("variant")))
    rows = []
    compared = compared_variants(settings)
    for row in compared.to_dict("records"):
        one, other = by_variant[row["variant"]], by_variant[row["reference"]]
        row["by_seed"] = one["accuracy"].to_numpy() - other["accuracy"].to_numpy()
        row["difference"] = row["by_seed"].mean()
        row["seeds_ci95"] = t_interval(row["by_seed"])
        if "accuracies" in metrics:
            pairs = zip(one["accuracies"], other["accuracies"], strict=True)
            row["episodes_ci95"] = episodes_interval([a - b for a, b in pairs])
        rows.append(row)
    return pd.DataFrame(rows, columns=None if rows else [*compared, "by_seed", "difference"])


def pooled_differences(table):
    """Returns the mean over all pairs that differ in the same way, paired by seed.

    Args:
        table: as `differences` returns it.

    Returns:
        A row per `differs`, `level` and `reference_level`: `pairs`, how many, `difference` and
        `seeds_ci95` of their mean.
    """
    rows = []
    for keys, pairs in table.groupby(["differs", "level", "reference_level"], sort=False):
        by_seed = np.mean(list(pairs["by_seed"]), axis=0)
        rows.append((*keys, len(pairs), by_seed.mean(), t_interval(by_seed)))
    columns = ["differs", "level", "reference_level", "pairs", "difference", "seeds_ci95"]
    return pd.DataFrame(rows, columns=columns)


INTERVALS = ("seeds_ci95", "episodes_ci95")


def _larger_than_noise(entry):
    largest = max(entry[column] for column in INTERVALS if column in entry)
    return abs(entry["difference"]) > largest


def _markdown(table, names):
    intervals = [name for name in INTERVALS if name in table and table[name].notna().any()]
    rows = []
    for entry in table.to_dict("records"):
        row = {title: str(entry[column]) for column, title in names.items()}
        row["difference (points)"] = f"{entry['difference']:+.2f}"
        for column in intervals:
            row[f"± over {column.split('_')[0]}"] = f"{entry[column]:.2f}"
        if "seeds_ci95" in intervals:
            row["larger than its noise"] = "yes" if _larger_than_noise(entry) else "no"
        rows.append(row)
    return pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)


def differences_markdown(table, settings):
    """Writes the tables for people.

    Args:
        table: as `differences` returns it.
        settings: `Study.result_settings`.

    Returns:
        Markdown text. If several pairs differ in the same way, their pooled differences come
        first, then the single pairs whose difference is larger than its noise. Otherwise all pairs
        are shown. One seed gives no interval, so then only pooled differences are shown.
    """
    if table.empty:
        return "No two variants of this study differ in one thing alone.\n"
    parts = [EMBEDDED_NOTICE] if settings["origin"] == "embedded" else []
    several_seeds = len(settings["seeds"]) > 1
    pooled = pooled_differences(table)
    single = table
    if (pooled["pairs"] > 1).any():
        names = {"differs": "what differs", "level": "", "reference_level": "compared with"}
        parts.append(_markdown(pooled, names | {"pairs": "pairs of variants"}))
        chosen = [several_seeds and _larger_than_noise(row) for row in table.to_dict("records")]
        single = table[chosen]
        if several_seeds:
            parts.append(
                f"Of the {len(table)} pairs of variants by themselves {len(single)} differ by more "
                f"than their noise{':' if len(single) else '.'}"
            )
    if len(single):
        single = single.assign(
            **{column: "`" + single[column] + "`" for column in ("variant", "reference")}
        )
        names = {"differs": "what differs", "variant": "variant", "reference": "compared with"}
        parts.append(_markdown(single, names))
    paired = ["by seed"] * several_seeds + ["by test episode"] * ("episodes_ci95" in table)
    caption = "Differences in test accuracy" + (
        f", paired {' and '.join(paired)}" if paired else ""
    )
    if several_seeds:
        caption += "; ± the half-width of the 95 % interval of each by itself: of twenty equal "
        caption += "pairs one is expected to look different."
    else:
        over = "; ± the half-width of the 95 % interval over the episodes"
        caption += over * ("episodes_ci95" in table and len(single) > 0)
        caption += ". They are of one seed, which does not tell how much trainings differ."
    return "\n\n".join([*parts, caption]) + "\n"
