"""Variants, with what the configuration leaves out."""

import copy

from binary_activations.study import configuration
from binary_activations.study.study import Study
from binary_activations.study.variants import variants
from samples.configurations import CONFIG, ROOT, load


def test_unused_slope_keys_decide_nothing():
    config = copy.deepcopy(CONFIG)
    config["mnist"]["slope"] = {"schedule": "constant", "rate": 2.0}
    assert variants(config, "mnist") == variants(CONFIG, "mnist")


def test_slope_schedules_are_named_for_people():
    config = copy.deepcopy(CONFIG)
    named = {}
    for schedule in ("constant", "geometric", "linear"):
        slope = {"schedule": schedule, "rate": 1.005, "step": 0.04, "maximum": 5.0}
        config["mnist"]["slope"] = slope
        named[schedule] = variants(config, "mnist")["no_binary"].slope_schedule
    assert named == {
        "constant": "constant",
        "geometric": "×1.005 an epoch to 5",
        "linear": "+0.04 an epoch to 5",
    }


def test_published_figures_cover_the_study():
    lines = (ROOT / "config" / "published_results.csv").read_text().splitlines()[1:]
    published = [tuple(line.split(",")[1:3]) for line in lines if line.startswith("first")]
    rows = [(d, name) for d in configuration.DATASETS for name in variants(CONFIG, d)]
    # Rows of the study that were not published come after all others of their data set.
    assert published == [row for row in rows if row in published]
    assert len(published) == 18
    assert [row for row in rows if row not in published] == rows[13:19]
    later = [line.split(",")[1:3] for line in lines if line.startswith("second")]
    config = load("second_study.yaml")
    names = {dataset: list(variants(config, dataset)) for dataset in ("mnist", "characters")}
    assert sorted(later) == sorted([d, name] for d in names for name in names[d])
    # In tables those without a binary layer are first.
    assert names["mnist"][:2] == ["max_pooling_no_binary", "stride_no_binary"]


def test_what_a_variant_leaves_out_is_its_estimators_default():
    config = copy.deepcopy(CONFIG)
    del config["mnist"]["training"]["local_expectation"]
    row = variants(config, "mnist")["stochastic_local_expectation_last"]
    defaults = {"learning_rate": 0.03, "margin": 0.0}
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
    assert table["deterministic_local_expectation_last"].units() == {
        "layers": ["conv2"],
        "mode": "deterministic",
        "margin": 0.0,
        "estimator": {"name": "local_expectation"},
    }


def test_variants_come_in_the_order_in_which_they_are_selected():
    config = copy.deepcopy(CONFIG)
    config["mnist"]["select"] = ["*_reinforce_both", "stochastic_*_both", "no_binary"]
    assert list(variants(config, "mnist")) == [
        "no_binary",
        "stochastic_reinforce_both",
        "deterministic_reinforce_both",
        "stochastic_straight_through_both",
        "stochastic_local_expectation_both",
    ]


def test_a_sweep_replaces_each_variant_by_its_copies():
    config = copy.deepcopy(CONFIG)
    config["mnist"]["sweep"] = {
        "no_binary": [0.1],
        "*_straight_through_first": [0.025, 0.1],
        "*_local_expectation_both": [0.003],
        "*": [1],
    }
    config["mnist"]["select"] = ["no_binary", "stochastic_*"]
    table = variants(config, "mnist")
    first = table["stochastic_straight_through_first_at_2_5e-2"]
    assert first.swept == ("stochastic_straight_through_first", 0.025)
    assert first.learning_rate == 0.025
    both = table["stochastic_local_expectation_both_at_3e-3"]
    assert both.learning_rate is None
    assert both.options["learning_rate"] == 0.003
    assert table["no_binary_at_1e-1"].learning_rate == 0.1
    # The last pattern takes all others, which have one rate.
    assert len(table) == 1 + 2 + 1 + 7
    settings = Study(config).sweep_settings("mnist")
    assert [row["name"] for row in settings["variants"]][:2] == [
        "no_binary",
        "stochastic_straight_through_first",
    ]
    assert settings["variants"][1]["rates"] == [
        [0.025, "stochastic_straight_through_first_at_2_5e-2"],
        [0.1, "stochastic_straight_through_first_at_1e-1"],
    ]
    rates = Study(config).training_settings("mnist", first.name)["training"]
    assert rates["learning_rate"] == 0.025
    assert "learning_rate_below" not in rates
    rates = Study(config).training_settings("mnist", both.name)["training"]
    assert (rates["learning_rate"], rates["learning_rate_below"]) == (0.03, 0.003)


def test_networks_of_their_own_are_named():
    config = copy.deepcopy(CONFIG)
    config["omniglot"]["variants"] = {
        "plain": {"layers": []},
        "mixed": {
            "layers": [],
            "activations": {"conv4": "hard_sigmoid", "conv2": "hard_sigmoid"},
            "distance_scale": "learned",
        },
    }
    table = variants(config, "omniglot")
    assert table["plain"].network == ""
    assert table["plain"].units() == {"layers": []}
    assert table["mixed"].network == "hard sigmoid in conv2, conv4; learned scale"
    assert table["mixed"].units() == {"layers": []} | {
        key: config["omniglot"]["variants"]["mixed"][key]
        for key in ("activations", "distance_scale")
    }


def test_shapes_and_units_of_their_own_are_named():
    config = copy.deepcopy(CONFIG)
    binary = {"layers": ["conv1"], "mode": "stochastic", "estimator": "straight_through"}
    config["mnist"]["network"] = {"channels": [10, 20], "kernel_size": 3}
    config["mnist"]["variants"] = {
        "strided": {"layers": [], "network": {"pooling": "stride", "channels": [4, 8]}},
        "mixed": binary | {"share": 0.5, "network": {"groups": 2}},
        "signed": binary | {"states": "signed", "firing_penalty": 0.1},
        "grouped": binary | {"states": "signed", "network": {"groups": 2}},
        "pooled": binary | {"network": {"normalisation": "after_pooling", "kernel_size": 5}},
    }
    table = variants(config, "mnist")
    assert {name: (row.label, row.network) for name, row in table.items()} == {
        "strided": ("no binary layer", "stride 2; 4, 8 channels"),
        "mixed": ("straight-through, 50 % of channels in 2 groups", ""),
        "signed": ("straight-through, states -1 and 1, firing penalty 0.1", ""),
        "grouped": ("straight-through, states -1 and 1", "2 groups of channels"),
        "pooled": ("straight-through", "batch norm after pooling; kernels of 5 x 5"),
    }
    shape = {"channels": [4, 8], "kernel_size": 3, "pooling": "stride"}
    assert table["strided"].units() == {"layers": [], "network": shape}
    units = table["mixed"].units()
    assert (units["share"], units["network"]["groups"]) == (0.5, 2)
