"""The table of how often units fire."""

import math

import pandas as pd

from binary_activations.inspection.firing import COLUMNS
from binary_activations.reporting.firing_rates import firing_rates_table


def test_each_layer_of_each_variant_has_a_row():
    first = pd.DataFrame([("conv1", 100, math.nan, *([0.0] * 6))], columns=COLUMNS)
    both = pd.DataFrame(
        [
            ("conv1", 100, 12.34, 50.0, 25.0, 5.0, 0.0, 0.0, 0.0),
            ("conv2", 50, 40.0, 10.0, 0.0, 2.0, 1.0, 0.0, 0.0),
        ],
        columns=COLUMNS,
    )
    text = firing_rates_table({"no_binary": first, "both": both})
    header, _, *rows = text.split("\n\n")[0].split("\n")
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in (header, *rows)]
    assert cells == [
        [
            *("variant", "layer", "units", "mean firing probability", "never fire"),
            *("never: whole channels", "never: at the border", "always fire"),
        ],
        ["`no_binary`", "conv1", "100", "", "0.0", "0.0", "0.0", "0.0"],
        ["`both`", "conv1", "100", "12.3", "50.0", "25.0", "5.0", "0.0"],
        ["`both`", "conv2", "50", "40.0", "10.0", "0.0", "2.0", "1.0"],
    ]
