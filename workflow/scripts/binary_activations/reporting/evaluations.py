"""The table of other evaluations of networks with stochastic units, which need no training."""

import pandas as pd

from binary_activations.reporting.labels import EMBEDDED_NOTICE
from binary_activations.reporting.tables import first_task

NONE = "No variant of this study has stochastic units.\n"
COLUMNS = {
    "sample": "one sample",
    "mean_of_samples": "mean of 16 samples",
    "mean_field": "mean field",
    "thresholded": "thresholded",
    "no_margin": "margin 0",
}
CAPTION = """\
Test accuracy (%) of the same trained networks, mean over seeds. One sample: units fire with
probability p, as in all other tables. Mean of 16 samples: the mean predicted probability. Mean
field: units hand on p. Thresholded: they fire where p > 1/2. Batch norm above keeps the moments of
sampled states, so mean field and thresholded units give it less variance than it was trained
with."""
NO_MARGIN = " Margin 0: one sample, with p not kept from 0 and 1, where a margin keeps it."


def evaluations_table(metrics, settings):
    """Returns the accuracies of every evaluation of stochastic networks, on the first task.

    Args:
        metrics: as `tables.read_metrics` returns them.
        settings: `Study.result_settings`.

    Returns:
        A row per variant with stochastic units, seed and evaluation: `variant`, `seed`,
        `evaluation` (of `COLUMNS`), `loss` (nats) and `accuracy` (percent).
    """
    rows = []
    for replicate in first_task(metrics, settings).to_dict("records"):
        if not replicate["evaluations"]:
            continue
        as_published = {"loss": replicate["loss"], "accuracy": replicate["accuracy"] / 100}
        for name, found in {"sample": as_published, **replicate["evaluations"]}.items():
            row = {key: replicate[key] for key in ("variant", "seed")} | {"evaluation": name}
            rows.append(row | {"loss": found["loss"], "accuracy": 100 * found["accuracy"]})
    return pd.DataFrame(rows, columns=["variant", "seed", "evaluation", "loss", "accuracy"])


def evaluations_markdown(table, settings):
    """Writes the table for people.

    Args:
        table: as `evaluations_table` returns it.
        settings: `Study.result_settings`.

    Returns:
        Markdown text.
    """
    if table.empty:
        return NONE
    means = table.groupby(["variant", "evaluation"], sort=False)["accuracy"].mean()
    rows = []
    # Elsewhere there is no margin to leave out.
    has_margin = {row["name"] for row in settings["variants"] if row["options"].get("margin")}
    columns = {key: title for key, title in COLUMNS.items() if key != "no_margin" or has_margin}
    for variant in settings["variants"]:
        if (variant["name"], "sample") not in means.index:
            continue
        row = {"variant": f"`{variant['name']}`", "binary layers": ", ".join(variant["layers"])}
        for key, title in columns.items():
            left_out = key == "no_margin" and variant["name"] not in has_margin
            row[title] = "" if left_out else f"{means[variant['name'], key]:.2f}"
        rows.append(row)
    caption = CAPTION.replace("\n", " ") + NO_MARGIN * bool(has_margin)
    if len(settings["seeds"]) == 1:
        caption = caption.replace(", mean over seeds.", ".")
    parts = [EMBEDDED_NOTICE] if settings["origin"] == "embedded" else []
    parts += [pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True), caption]
    return "\n\n".join(parts) + "\n"
