"""Variants, with what the configuration leaves out."""

import copy

from binary_activations.study import configuration
from binary_activations.study.variants import variants
from samples.configurations import CONFIG, ROOT


def test_unused_slope_keys_decide_nothing():
    config = copy.deepcopy(CONFIG)
    config["mnist"]["slope"] = {"schedule": "constant", "rate": 2.0}
    assert variants(config, "mnist") == variants(CONFIG, "mnist")


def test_published_figures_cover_the_study():
    lines = (ROOT / "config" / "published_results.csv").read_text().splitlines()[1:]
    published = [tuple(line.split(",")[:2]) for line in lines]
    rows = [(d, name) for d in configuration.DATASETS for name in variants(CONFIG, d)]
    assert published == rows


def test_what_a_variant_leaves_out_is_its_estimators_default():
    config = copy.deepcopy(CONFIG)
    del config["mnist"]["training"]["local_expectation"]
    row = variants(config, "mnist")["stochastic_reinforce_last"]
    defaults = {"learning_rate": 0.03, "margin": 0.001}
    assert row.options == defaults
    config["mnist"]["training"]["local_expectation"] = {"learning_rate": 0.1, "margin": 0.01}
    config["mnist"]["variants"][row.name]["local_expectation"] = {"learning_rate": 0.2}
    changed = variants(config, "mnist")[row.name]
    assert changed.options == {"learning_rate": 0.2, "margin": 0.01}
    config["mnist"]["variants"][row.name]["local_expectation"] = None
    config["mnist"]["training"]["local_expectation"] = None
    assert variants(config, "mnist")[row.name].options == defaults


def test_units_are_what_binary_layers_are_made_with():
    table = variants(CONFIG, "mnist")
    assert table["no_binary"].units() == {"layers": []}
    assert table["stochastic_straight_through_both"].units() == {
        "layers": ["conv1", "conv2"],
        "mode": "stochastic",
        "estimator": {"name": "straight_through"},
    }
    assert table["deterministic_reinforce_last"].units() == {
        "layers": ["conv2"],
        "mode": "deterministic",
        "margin": 0.001,
        "estimator": {"name": "local_expectation"},
    }
