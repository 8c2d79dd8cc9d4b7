"""Tables of the variants' first replicates."""

import pandas as pd

from binary_activations.reporting.variant_tables import read_variant_tables


def test_each_variant_has_its_own_table(tmp_path):
    for number, name in enumerate("ab"):
        (tmp_path / "mnist" / name).mkdir(parents=True)
        table = pd.DataFrame({"layer": ["conv1"], "units": [number]})
        table.to_csv(tmp_path / "mnist" / name / "firing.csv", index=False)
    settings = {"dataset": "mnist", "variants": [{"name": "b"}, {"name": "a"}]}
    tables = read_variant_tables(settings, tmp_path, "firing.csv")
    assert list(tables) == ["b", "a"]
    assert tables["b"].to_dict("records") == [{"layer": "conv1", "units": 1}]
