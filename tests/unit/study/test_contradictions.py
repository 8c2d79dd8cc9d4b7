"""Keys that say something against each other, or against the data."""

import copy
from pathlib import Path

import pytest

from binary_activations.errors import StudyError
from binary_activations.study import configuration
from samples.configurations import CONFIG, SCHEMA, load, merged

EMPTY = {"select": []}
FROZEN = {"layers": ["conv1"], "mode": "stochastic", "estimator": "none"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"omniglot": {"test": {"n_way": [5, 5000]}}}, "omniglot.test.n_way: 5000 of 2636 classes"),
        ({"omniglot": {"training": {"n_way": 2865}}}, "omniglot.training.n_way: 2865 of 2864"),
        ({"omniglot": {"validation": {"n_way": 325}}}, "omniglot.validation.n_way: 325 of 324 cl"),
        ({"mnist": {"select": ["nothing_*"]}}, "mnist.select: no variant is named 'nothing_"),
        ({"mnist": {"select": ["no_binry"]}}, "'no_binry'; is it no_binary"),
        ({"mnist": {"select": []}, "omniglot": {"select": []}}, "no variant is left"),
        ({"results": "results/.."}, "results: results/.. is the folder of the workflow"),
        (
            {"mnist": {"variants": {"no_binary": {"disarm": {"margin": 0.1}}}}},
            "mnist.variants.no_binary.disarm: has no meaning with no binary layer; leave it out",
        ),
        (
            {
                "mnist": {
                    "variants": {"deterministic_local_expectation_last": {"estimator": "disarm"}}
                }
            },
            "expectation_last: deterministic units cannot be trained with disarm",
        ),
        ({"omniglot": {"validation": {"alphabets": 30}}}, "alphabets: 30 of 30 background"),
        ({"data": {"origin": "embedded"}}, "validation_images: 6000 of 2000 images; must be below"),
        ({"data": {"mirror": "http://me:secret@host/x"}}, "data.mirror: a name or password in a"),
        ({"omniglot": {"training": {"k_shot": 6}}}, "omniglot.training: k_shot \\+ queries"),
        (
            {
                "data": {"origin": "embedded"},
                "mnist": {"training": {"validation_images": 200}},
                "omniglot": {"one_shot_runs": True},
            },
            "omniglot.one_shot_runs: there are none of embedded data",
        ),
        ({"mnist": {"training": {"warm_up_epochs": 10}}}, "warm_up_epochs: 10 of 10 epochs"),
        (
            {"mnist": {"training": {"validation_images": 0}}},
            "mnist.training.keep: with no validation images it can only be last_epoch",
        ),
        (
            {
                "mnist": {
                    "training": {"validation_images": 0, "keep": "last_epoch"},
                    "sweep": {"*": [1]},
                }
            },
            "mnist.sweep: chooses by validation images, and mnist.training has none",
        ),
        (
            {
                "mnist": {
                    "variants": {
                        "deterministic_straight_through_last": {"activations": {"conv2": "relu"}}
                    }
                }
            },
            "_last.activations.conv2: has no meaning in a binary layer",
        ),
        (
            {
                "mnist": {
                    "variants": {
                        "deterministic_local_expectation_first": {"activations": {"conv2": "relu"}}
                    }
                }
            },
            "_first.activations.conv2: local_expectation takes no relu above its units",
        ),
        (
            {"mnist": {"variants": {"no_binary": {"distance_scale": "learned"}}}},
            "no_binary.distance_scale: has no meaning where no embeddings are compared",
        ),
        (
            {"mnist": {"variants": {"no_binary": {"share": 0.5, "states": "signed"}}}},
            "no_binary.share: has no meaning with no binary layer\n.*no_binary.states: has no mean",
        ),
        (
            {"mnist": {"variants": {"stochastic_reinforce_both": {"firing_penalty": 0.1}}}},
            "both.firing_penalty: running_mean computes losses from whole layers of 0 and 1; use",
        ),
        (
            {"mnist": {"network": {"pooling": "stride"}}},
            "mnist.network.pooling, of .*expectation_first: local_expectation takes max alone; or",
        ),
        (
            {"mnist": {"network": {"channels": [16, 30], "groups": 4}}},
            r"mnist.network.groups, of no_binary: 4 do not divide the channels \[16, 30\]",
        ),
        (
            {
                "mnist": {
                    "variants": {
                        "no_binary": {
                            "network": {"pooling": "stride", "normalisation": "after_pooling"}
                        }
                    }
                }
            },
            "no_binary.network.normalisation: has no meaning without max-pooling",
        ),
        (
            {
                "characters": {
                    "variants": {"plain": {"layers": []}},
                    "select": ["*"],
                    "training": {"validation_images": 29214},
                }
            },
            "characters.training.validation_images: 29214 of 29214 images",
        ),
        (
            {"mnist": {"sweep": {"*_straigth_*": [1]}}},
            r"mnist.sweep: no variant is named '\*_straigth_\*'",
        ),
        (
            {"mnist": {"select": ["no_binary"], "sweep": {"*straight*": [1]}}, "omniglot": EMPTY},
            "mnist.select, omniglot.select, .*, mnist.sweep: no variant is left",
        ),
        (
            {"mnist": {"network": {"groups": 3}}},
            r"mnist.network.groups, of no_binary: 3 do not divide the channels \[16, 32\]",
        ),
        (
            {"mnist": {"variants": {"no_binary": {"network": {"groups": 5}}}}},
            "mnist.variants.no_binary.network.groups: 5 do not divide",
        ),
        (
            {
                "mnist": {
                    "network": {"normalisation": "after_pooling"},
                    "variants": {"no_binary": {"network": {"pooling": "stride"}}},
                }
            },
            "mnist.network.normalisation, of no_binary: has no meaning without max-pooling",
        ),
        (
            {"mnist": {"variants": {"stochastic_straight_through_last": {"share": 0.01}}}},
            "_last.share: 0.01 of the 32 channels of conv2 are none",
        ),
        (
            {"mnist": {"variants": {"stochastic_straight_through_first": {"share": 0.99}}}},
            "_first.share: 0.99 of the 16 channels of conv1 are all; leave it out",
        ),
        (
            {"mnist": {"variants": {"frozen": {**FROZEN, "firing_penalty": 1}}}},
            "mnist.variants.frozen.firing_penalty: trains what lies below, and none is to leave it",
        ),
        (
            {"mnist": {"variants": {"frozen": {**FROZEN, "share": 0.5}}}},
            "mnist.variants.frozen.share: trains what lies below, and none is to leave it",
        ),
        (
            {"mnist": {"variants": {"heatmaps": {"layers": []}}}},
            "mnist.variants.heatmaps: is the name of a folder of pictures; use another",
        ),
    ],
)
def test_contradictions_are_told_by_key(changes, message):
    config = merged(copy.deepcopy(CONFIG), changes)
    with pytest.raises(StudyError, match=message) as error:
        configuration.check(config, SCHEMA)
    assert "secret" not in str(error.value)


def test_networks_of_embedded_data_stay_out_of_a_folder_that_may_hold_others(tmp_path, monkeypatch):
    """As where the demo is named before a study that shares its replicates."""
    monkeypatch.chdir(tmp_path)
    demo = load("demo.yaml")
    demo |= {"results": "results/control", "replicates": "results"}
    configuration.check(demo, SCHEMA)
    Path("resources/official").mkdir(parents=True)
    message = "replicates: networks of embedded data would .* use --config replicates=results/contr"
    with pytest.raises(StudyError, match=message):
        configuration.check(demo, SCHEMA)
    configuration.check(demo | {"replicates": "results/control"}, SCHEMA)
    configuration.check(demo | {"replicates": "results/control/"}, SCHEMA)
    configuration.check(demo | {"replicates": ""}, SCHEMA)


def test_names_that_are_near_none_are_told_all():
    config = merged(copy.deepcopy(CONFIG), {"omniglot": {"select": ["xyz"]}})
    with pytest.raises(
        StudyError, match="named 'xyz'; there are no_binary, binary_first, binary_s"
    ):
        configuration.check(config, SCHEMA)
