"""The table of how often units fire."""

import pandas as pd

# By column of `inspection.firing.firing_table`: what people read. The first of each state are all
# such units, and the others parts of them.
COLUMNS = {
    "layer": "layer",
    "units": "units",
    "mean": "mean firing probability",
    "silent": "never fire",
    "silent_channels": "never: whole channels",
    "silent_border": "never: at the border",
    "saturated": "always fire",
    "saturated_channels": "always: whole channels",
    "saturated_border": "always: at the border",
}
NOTE = (
    "In percent of a layer's units, on up to 2,000 test drawings, of the first seed's networks. "
    "Whole channels and units at the border are parts of those that never, or always, fire."
)


def firing_rates_table(tables):
    """Tabulates the mean firing probability, and the units that never or always fire.

    Args:
        tables: by variant, as `inspection.firing.firing_table` returns them.

    Returns:
        Markdown text: a row for each variant and layer. Columns that are 0 in all rows are left
        out.
    """
    rows = pd.concat(tables, names=["variant"]).reset_index("variant")[["variant", *COLUMNS]]
    shares = list(COLUMNS)[2:]
    shown = rows.drop(columns=[name for name in shares if not rows[name].any()])
    shown["variant"] = [f"`{name}`" for name in rows["variant"]]
    for name in shown.columns.intersection(shares):
        shown[name] = ["" if pd.isna(share) else f"{share:.1f}" for share in rows[name]]
    text = shown.rename(columns=COLUMNS).to_markdown(index=False, disable_numparse=True)
    return f"{text}\n\n{NOTE}"
