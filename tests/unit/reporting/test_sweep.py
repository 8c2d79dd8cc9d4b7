"""The choice of learning rates."""

import pandas as pd

from binary_activations.reporting.sweep import chosen_rates, read_sweep, sweep_markdown
from samples.sweeps import SETTINGS, write_histories


def test_a_replicate_counts_in_the_epoch_that_was_kept(tmp_path):
    write_histories(tmp_path)
    table = read_sweep(SETTINGS, tmp_path)
    assert len(table) == 2 * 3 * 2
    first = table.iloc[0]
    assert (first["variant"], first["learning_rate"], first["seed"]) == ("a", 0.01, 0)
    # The second epoch has the lowest loss, though not the highest accuracy.
    assert (first["epoch"], first["validation_loss"]) == (1, 0.5)
    assert first["validation_accuracy"] == 90.0
    last = read_sweep(SETTINGS | {"keep": "last_epoch"}, tmp_path).iloc[0]
    assert (last["epoch"], last["validation_accuracy"]) == (2, 99.9)
    assert "counts in its last epoch." in sweep_markdown(table, SETTINGS | {"keep": "last_epoch"})


def test_slopes_that_tell_variants_apart_are_named(tmp_path):
    write_histories(tmp_path)
    alike = [
        variant | {"layers": ["conv1"], "slope": slope}
        for variant, slope in zip(SETTINGS["variants"], ("constant", "+1 an epoch"), strict=True)
    ]
    settings = SETTINGS | {"variants": alike}
    text = sweep_markdown(read_sweep(settings, tmp_path), settings)
    assert "stochastic, REINFORCE, slope constant " in text
    assert "stochastic, REINFORCE, slope +1 an epoch " in text


def test_the_mean_over_seeds_decides(tmp_path):
    """At 0.1 the harder seed is better, and the mean is not."""
    write_histories(tmp_path)
    table = read_sweep(SETTINGS, tmp_path)
    worst = table[table["variant"] == "a"].groupby("learning_rate")["validation_accuracy"].min()
    assert worst.idxmax() == 0.1
    assert chosen_rates(table) == {"a": 0.03, "b": 0.03}


def test_the_table_has_every_rate_and_names_choices_at_an_end(tmp_path):
    write_histories(tmp_path)
    table = read_sweep(SETTINGS, tmp_path)
    text = sweep_markdown(table, SETTINGS)
    assert "**96.00**" in text
    assert "94.75" in text
    assert "at an end" not in text
    falling = table.assign(validation_accuracy=-table["learning_rate"])
    assert "so a rate beyond it may be better: `a`, `b`." in sweep_markdown(falling, SETTINGS)
    one = SETTINGS | {"seeds": [0]}
    assert "**94.50**" in sweep_markdown(read_sweep(one, tmp_path), one)
    assert "by learning rate, of seed 0. " in sweep_markdown(read_sweep(one, tmp_path), one)
    assert isinstance(table, pd.DataFrame)
