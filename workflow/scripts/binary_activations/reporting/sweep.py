"""A sweep over learning rates, and the rates that it chooses, on validation images alone."""

import pandas as pd

from binary_activations.reporting.labels import group_name
from binary_activations.study.paths import replicate_file

RULE = (
    "Of each variant the rate with the highest accuracy is chosen. A training counts in its "
    "{epoch}. All rates have the same seeds, so the same images are held out."
)
EPOCHS = {
    "lowest_validation_loss": "epoch with the lowest validation loss",
    "last_epoch": "last epoch",
}


def read_sweep(settings, folder):
    """Returns the validation results of every replicate, in the epoch that was kept.

    Args:
        settings: `Study.sweep_settings`.
        folder: of the replicates (`study.paths`).

    Returns:
        A row per variant, rate and seed: `variant`, `learning_rate`, `seed`, `epoch` (from 0),
        `validation_loss` (nats), `validation_accuracy` (percent).
    """
    rows = []
    for variant in settings["variants"]:
        for rate, copy in variant["rates"]:
            for seed in settings["seeds"]:
                path = replicate_file(folder, settings["dataset"], copy, seed, "history.csv")
                history = pd.read_csv(path)
                kept = history.loc[kept_epoch(history, settings["keep"])]
                rows.append(
                    {
                        "variant": variant["name"],
                        "learning_rate": rate,
                        "seed": seed,
                        "epoch": int(kept["epoch"]),
                        "validation_loss": kept["validation_loss"],
                        "validation_accuracy": 100 * kept["validation_accuracy"],
                    }
                )
    return pd.DataFrame(rows)


def kept_epoch(history, keep):
    """Returns the row of the epoch whose network a training kept.

    Args:
        history: of the training, a row per epoch.
        keep: of the training's settings.
    """
    return history.index[-1] if keep == "last_epoch" else history["validation_loss"].idxmin()


def chosen_rates(table):
    """Chooses a rate for each variant, by `RULE`.

    Args:
        table: as `read_sweep` returns it.

    Returns:
        Rates, by variant.
    """
    means = table.groupby(["variant", "learning_rate"], sort=False)["validation_accuracy"].mean()
    best = means.groupby("variant", sort=False).idxmax()
    return dict(best.tolist())


def _over(seeds):
    if len(seeds) == 1:
        return f"of seed {seeds[0]}"
    return f"mean over the seeds {', '.join(map(str, seeds))}"


def sweep_markdown(table, settings):
    """Writes the table for people: the mean over seeds at each rate, the chosen one in bold.

    Args:
        table: as `read_sweep` returns it.
        settings: `Study.sweep_settings`.

    Returns:
        Markdown text.
    """
    chosen = chosen_rates(table)
    at_edge = []
    rows = []
    for variant in settings["variants"]:
        name, rates = variant["name"], sorted(rate for rate, _ in variant["rates"])
        row = {
            "units, estimator": group_name(variant, settings),
            "binary layers": ", ".join(variant["layers"]) or "none",
            "learning rate": f"{chosen[name]:g}",
        }
        for rate, accuracies in table[table["variant"] == name].groupby("learning_rate"):
            text = f"{accuracies['validation_accuracy'].mean():.2f}"
            row[f"{rate:g}"] = f"**{text}**" if rate == chosen[name] else text
        if chosen[name] in (rates[0], rates[-1]):
            at_edge.append(f"`{name}`")
        rows.append(row)
    columns = ["units, estimator", "binary layers", "learning rate"]
    rates = sorted(table["learning_rate"].unique())
    frame = pd.DataFrame(rows).reindex(columns=[*columns, *(f"{rate:g}" for rate in rates)])
    parts = [
        frame.fillna("").to_markdown(index=False, disable_numparse=True),
        f"Validation accuracy (%) by learning rate, {_over(settings['seeds'])}. "
        f"{RULE.format(epoch=EPOCHS[settings['keep']])}",
    ]
    if at_edge:
        parts.append(
            f"Chosen at an end of its range, so a rate beyond it may be better: "
            f"{', '.join(at_edge)}."
        )
    return "\n\n".join(parts) + "\n"
