"""Variants that differ in the width of their network."""

ALIKE = ("layers", "mode", "label", "options", "slope", "activations", "network_at_any_width")


def width_series(settings):
    """Returns the variants that differ from others in the channels alone, or in those and the
    learning rate.

    Args:
        settings: `Study.result_settings`.

    Returns:
        Lists of variants of several widths, narrow ones first, in the order of their first one.
    """
    series = {}
    for variant in settings["variants"]:
        kind = tuple(str(variant[key]) for key in ALIKE)
        series.setdefault(kind, []).append(variant)
    by_width = [sorted(found, key=lambda row: row["channels"]) for found in series.values()]
    return [found for found in by_width if found[0]["channels"] != found[-1]["channels"]]
