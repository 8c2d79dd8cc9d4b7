"""Tables of the variants' first replicates."""

import pandas as pd

from binary_activations.study.paths import variant_file


def read_variant_tables(settings, folder, name):
    """Returns a table of each variant's first replicate: data frames, by variant.

    Args:
        settings: `dataset` and `variants`, as `Study.result_settings` has them.
        folder: of the replicates (`study.paths`).
        name: of the table, CSV.
    """
    return {
        variant["name"]: pd.read_csv(
            variant_file(folder, settings["dataset"], variant["name"], name)
        )
        for variant in settings["variants"]
    }
