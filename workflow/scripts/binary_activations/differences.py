"""Which differences between variants are larger than their noise."""

import math

import numpy as np
import pandas as pd
from scipy import stats

from binary_activations.labels import EMBEDDED_NOTICE

# What tells variants apart, and the key of the variants that says so.
FACTORS = {
    "units": ("mode",),
    "estimator": ("estimator", "variance_reduction"),
    "slope": ("slope",),
    "layers": ("layers",),
}


def compared_variants(settings):
    """The comparisons of a study.

    Args:
        settings: `configuration.result_settings`.

    Returns:
        Triples: what differs, a variant's name, and the one that it is compared with: the network
        without a binary layer, and the first variant of the table that differs in one factor
        alone.
    """
    keys = [key for factor in FACTORS.values() for key in factor]
    triples = []
    for variant in settings["variants"]:
        if not variant["layers"]:
            continue
        plain = (
            other
            for other in settings["variants"]
            if not other["layers"] and other["slope"] == variant["slope"]
        )
        plain = next(plain, next((v for v in settings["variants"] if not v["layers"]), None))
        if plain:
            triples.append(("binary layer", variant["name"], plain["name"]))
    for factor, own in FACTORS.items():
        rest = [key for key in keys if key not in own]
        first = {}
        for variant in settings["variants"]:
            if variant["layers"]:
                reference = first.setdefault(str([variant[key] for key in rest]), variant)
                if reference is not variant:
                    triples.append((factor, variant["name"], reference["name"]))
    return triples


def differences(metrics, settings):
    """Differences in test accuracy, paired by seed and, for Omniglot, by episode.

    Args:
        metrics: as `tables.read_metrics` returns them.
        settings: `configuration.result_settings`.

    Returns:
        A row per comparison, for Omniglot of the first task: `differs`, `variant`, `reference`,
        `difference` (variant minus reference, percentage points, mean over seeds), `seeds_ci95`,
        the half-width of its 95 % interval by Student's t over the seeds (empty for one seed), and
        for Omniglot `episodes_ci95`, that over the episodes, which are the same for both.
    """
    if "task" in metrics:
        metrics = metrics[metrics["task"] == settings["tasks"][0]]
    by_variant = dict(list(metrics.groupby("variant")))
    rows = []
    for factor, variant, reference in compared_variants(settings):
        one, other = by_variant[variant], by_variant[reference]
        values = one["accuracy"].to_numpy() - other["accuracy"].to_numpy()
        row = {
            "differs": factor,
            "variant": variant,
            "reference": reference,
            "difference": values.mean(),
            "seeds_ci95": math.nan,
        }
        if len(values) > 1:
            quantile = stats.t.ppf(0.975, len(values) - 1)
            row["seeds_ci95"] = quantile * values.std(ddof=1) / math.sqrt(len(values))
        if "accuracies" in metrics:
            pairs = zip(one["accuracies"], other["accuracies"], strict=True)
            errors = [np.std(a - b, ddof=1) / math.sqrt(len(a)) for a, b in pairs]
            row["episodes_ci95"] = 1.96 * math.hypot(*errors) / len(errors)
        rows.append(row)
    return pd.DataFrame(rows)


def differences_markdown(table, settings):
    """The table for people.

    Args:
        table: as `differences` returns it.
        settings: `configuration.result_settings`.

    Returns:
        Markdown text, with whether each difference is larger than every interval that it has.
    """
    if table.empty:
        return "No two variants of this study differ in one thing alone.\n"
    intervals = [column for column in ("seeds_ci95", "episodes_ci95") if column in table]
    rows = []
    for entry in table.to_dict("records"):
        noise = max((entry[column] for column in intervals), key=lambda v: (v == v, v))
        larger = "one seed" if math.isnan(noise) else "no"
        if abs(entry["difference"]) > noise:
            larger = "yes"
        rows.append(
            {
                "what differs": entry["differs"],
                "variant": f"`{entry['variant']}`",
                "compared with": f"`{entry['reference']}`",
                "difference (points)": f"{entry['difference']:+.2f}",
            }
            | {
                f"± over {column.split('_')[0]}": (
                    "" if math.isnan(entry[column]) else f"{entry[column]:.2f}"
                )
                for column in intervals
            }
            | {"larger than its noise": larger}
        )
    notice = f"{EMBEDDED_NOTICE}\n\n" if settings["origin"] == "embedded" else ""
    caption = "Differences in test accuracy, paired by seed"
    caption += " and by test episode" if "episodes_ci95" in table else ""
    caption += "; ± the half-width of the 95 % interval, for each comparison by itself: of twenty "
    caption += "equal pairs one is expected to look different."
    text = pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)
    return f"{notice}{text}\n\n{caption}\n"
