"""Tables as files for programs."""

import pandas as pd

from binary_activations.reporting.csv_files import write_csv


def test_a_table_is_written_without_its_index_and_with_plain_line_ends(tmp_path):
    write_csv(tmp_path / "table.csv", pd.DataFrame({"a": [1.5, None], "b": ["x", "y"]}, [7, 8]))
    assert (tmp_path / "table.csv").read_bytes() == b"a,b\n1.5,x\n,y\n"
