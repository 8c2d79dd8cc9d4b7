"""Where results lie."""

import pytest

from binary_activations.study.paths import folder_above, replicate_file


def test_the_folder_is_found_below_whatever_an_executor_puts_before_it():
    asked = replicate_file("results", "mnist", "results", 0, "metrics.json")
    assert folder_above(asked, asked, "results") == "results"
    made = f".snakemake/storage/fs/results/{asked}"
    assert folder_above(made, asked, "results") == ".snakemake/storage/fs/results/results"
    with pytest.raises(ValueError, match="does not end in"):
        folder_above("elsewhere/metrics.json", asked, "results")
