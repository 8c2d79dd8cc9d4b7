"""How each network was trained, and how long that took."""

import pandas as pd

from binary_activations.reporting.labels import alike_columns

BELOW_COLUMN = "learning rate below"
BELOW = "Layers up to the last binary one have the learning rate below."
MINUTES = "A training took these minutes, beside other jobs of its machine."


def recipe_table(recipes, minutes):
    """Tabulates what differs between trainings, below a sentence of what does not.

    Args:
        recipes: by variant, its `Study.recipe`.
        minutes: by variant, as `costs.training_minutes` returns them.

    Returns:
        Markdown text.
    """
    table = pd.DataFrame.from_dict(recipes, orient="index").map(_text)
    alike = alike_columns(table)
    shared = [f"{column} {text}" for column, text in alike.items()]
    shown = table.drop(columns=list(alike)).rename_axis("variant").reset_index()
    shown["variant"] = [f"`{name}`" for name in recipes]
    if minutes:
        shown["minutes"] = [f"{minutes[name]:.1f}" if name in minutes else "" for name in recipes]
    sentence = f"All alike: {', '.join(shared)}.\n\n" if shared else ""
    text = shown.to_markdown(index=False, disable_numparse=True)
    notes = [BELOW] if BELOW_COLUMN in shown else []
    notes += [MINUTES] if minutes else []
    return f"{sentence}{text}" + ("\n\n" + " ".join(notes) if notes else "")


def _text(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " ".join(f"{key} {number:g}" for key, number in value.items() if number) or "none"
    if isinstance(value, (int, float)):
        return "" if pd.isna(value) else f"{value:g}"
    return str(value).replace("_", " ")
