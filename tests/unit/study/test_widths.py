"""Variants that differ in width."""

import copy

from binary_activations.study.study import Study
from binary_activations.study.widths import width_series
from samples.configurations import CONFIG, load, merged
from samples.results import settings, variant


def names(chosen):
    return [[row["name"] for row in series] for series in width_series(chosen)]


def test_each_choice_of_binary_layers_is_a_series_of_the_configuration_of_widths():
    found = names(Study(load("widths.yaml")).result_settings("mnist"))
    assert found[0] == ["narrow_no_binary", "no_binary", "wide_no_binary"]
    assert [len(series) for series in found] == [3] * 4
    assert names(Study(CONFIG).result_settings("mnist")) == []


def test_what_differs_in_more_than_the_width_is_no_series():
    wide = {"channels": [32, 64]}
    first = (["conv1"], "stochastic", "straight_through")
    chosen = settings() | {
        "variants": [
            variant("plain"),
            variant("a", *first),
            variant("wide, other estimator", *first[:2], "local_expectation", **wide),
            variant("wide, other pooling", *first, network_at_any_width="stride 2", **wide),
        ]
    }
    assert names(chosen) == []


def test_one_width_of_two_rates_is_no_series_but_both_belong_to_one():
    first = (["conv1"], "stochastic", "straight_through")
    slow = variant("slow", *first, learning_rate=0.01)
    chosen = settings() | {"variants": [variant("a", *first), slow]}
    assert names(chosen) == []
    chosen["variants"].append(variant("wide", *first, channels=[32, 64]))
    assert names(chosen) == [["a", "slow", "wide"]]


def test_a_widened_variant_is_named_without_its_channels():
    wide = {"network": {"channels": [32, 64], "pooling": "stride"}}
    config = merged(copy.deepcopy(CONFIG), {"mnist": {"variants": {"no_binary": wide}}})
    row = Study(config).variants["mnist"]["no_binary"]
    assert row.network == "32, 64 channels; stride 2"
    assert row.network_at_any_width == "stride 2"
