"""Configurations: checked, and refused by key."""

import copy

import pytest

from binary_activations.errors import StudyError
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.study import configuration
from binary_activations.study.variants import variants
from samples.configurations import CONFIG, ROOT, SCHEMA, load, merged


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"epochs": 3}, "epochs: unknown key; allowed here: results, replicates"),
        ({"mnist": {"training": {"epoch": 3}}}, "mnist.training.epoch: unknown key; .*epochs"),
        ({"mnist": {"training": {"epochs": -1}}}, "mnist.training.epochs: -1 must be at least 1"),
        ({"mnist": {"training": {"epochs": "ten"}}}, "epochs: 'ten' must be an integer"),
        ({"mnist": {"variants": {"a b": {"layers": []}}}}, "mnist.variants: the name 'a b'"),
        ({"mnist": {"variants": {"$(x)": {"layers": []}}}}, "letters, digits, _ and - alone"),
        ({"mnist": {"variants": {"x": {"layers": ["conv3"]}}}}, "x.layers.0: .*: conv1, conv2"),
        ({"mnist": {"variants": {"x": {"layers": ["conv1"]}}}}, "'mode' is a required property"),
        (
            {"mnist": {"variants": {"x": {"layers": [], "mode": "stochastic"}}}},
            "x: mode and .*empty",
        ),
        (
            {"mnist": {"variants": {"no_binary": {"layer": []}}}},
            "mnist.variants.no_binary.layer: unknown key; allowed here: layers, mode, estimator",
        ),
        (
            {"omniglot": {"variants": {"binary_first": {"estimator": "magic"}}}},
            "binary_first.estimator: 'magic' is not allowed; use one of: straight_through, .*none",
        ),
        ({"mnist": {"slope": {"schedule": "geometric"}}}, "mnist.slope: 'rate' is a required"),
        ({"seeds": []}, "seeds: "),
        ({"seeds": [1, 1]}, "seeds: .*non-unique"),
        ({"seeds": [-1]}, "seeds.0: -1 must be at least 0"),
        ({"device": "gpu"}, "device: 'gpu' is not allowed; use one of: cpu, cuda"),
        ({"results": "a; rm b"}, "results: "),
        ({"results": "-x"}, "results: "),
        ({"results": "/"}, "results: "),
        ({"results": "a\n"}, "results: "),
        ({"mnist": {"training": {"epochs": 10.0}}}, "epochs: 10.0 must be an integer"),
        (
            {"mnist": {"training": {"learning_rate": float("nan")}}},
            "rate: nan must be a number",
        ),
        ({"mnist": {"training": {"momentum": True}}}, "momentum: True must be a number"),
        ({"seeds": [0.0]}, "seeds.0: 0.0 must be an integer"),
        ({"mnist": {"variants": {1: {"layers": []}}}}, "mnist.variants: the name 1 may hold"),
        (
            {"omniglot": {"test": {"n_way": [10**400]}}},
            "test.n_way.0: 1000.* must be at most",
        ),
        ({"omniglot": {"test": {"k_shot": [1, 1]}}}, "omniglot.test.k_shot: .*non-unique"),
        ({"seeds": 5}, "seeds: 5 must be a list, as in \\[0, 1\\]"),
        ({"mnist": {"training": {"learning_rate": -0.1}}}, "learning_rate: -0.1 must be above 0"),
        (
            {"mnist": {"variants": {"x": {"layers": ["conv1"], "estimator": "reinforce"}}}},
            "x.estimator: 'reinforce' is not allowed; .*; reinforce is now running_mean",
        ),
        (
            {"mnist": {"training": {"reinforce": {"samples": 2}}}},
            "mnist.training.reinforce: unknown key; .*; reinforce is now running_mean",
        ),
        (
            {"omniglot": {"variants": {"binary_first": {"estimator": "local_expectation"}}}},
            "estimator: 'local_expectation' is not allowed; use one of: straight_through, .*none",
        ),
        (
            {"omniglot": {"training": {"local_expectation": {"margin": 0.1}}}},
            "omniglot.training.local_expectation: unknown key; allowed here: .*disarm",
        ),
        (
            {"mnist": {"training": {"disarm": {"samples": 2}}}},
            "mnist.training.disarm.samples: unknown key; allowed here: learning_rate, margin",
        ),
        (
            {"mnist": {"training": {"leave_one_out": {"samples": 1}}}},
            "mnist.training.leave_one_out.samples: 1 must be at least 2",
        ),
        ({"archives": {"mnist": {"expected": {"a.gz": {"md5": "0" * 32}}}}}, "expected: 'a.gz'"),
        (
            {"mnist": {"variants": {"no_binary": {"activations": {"conv3": "relu"}}}}},
            "mnist.variants.no_binary.activations: .*'conv3'",
        ),
        (
            {"mnist": {"network": {"channels": [16]}}},
            r"mnist.network.channels: \[16\] is too short",
        ),
    ],
)
def test_bad_values_are_told_by_key(changes, message):
    config = merged(copy.deepcopy(CONFIG), changes)
    with pytest.raises(StudyError, match=message):
        configuration.check(config, SCHEMA)


def test_a_missing_section_is_told():
    config = copy.deepcopy(CONFIG)
    del config["omniglot"]
    with pytest.raises(StudyError, match="'omniglot' is a required property"):
        configuration.check(config, SCHEMA)


def kind(row):
    return row.layers, row.mode, row.estimator


def rates_of(row):
    return row.learning_rate, row.options.get("learning_rate")


@pytest.mark.parametrize(
    ("name", "mnist", "omniglot"),
    [
        ("demo", 13, 5),
        ("published", 13, 5),
        ("control", 25, 5),
        ("slopes", 35, 0),
        ("estimators", None, 0),  # of every estimator for stochastic units
        ("full", 0, 10),
        ("full_mnist", 9, 0),
        ("fashion_mnist", 19, 0),
        ("second_study", 6, 0),
        ("widths", 12, 0),
        ("cures", 14, 0),
        ("sweep", 7 * 3 + 6 * 4 + 2 * (4 + 5 + 4), 0),
        ("sweep_estimators", 3 * (6 * 3 + 2 * 5), 0),
        ("sweep_full_mnist", 3 * 3 + 3 * 4, 0),
        ("sweep_second_study", 6 * 4, 0),
    ],
)
def test_the_other_configurations_are_sound(name, mnist, omniglot):
    below = {
        "published": ["control.yaml"],
        "sweep_estimators": ["estimators.yaml"],
        "sweep_full_mnist": ["full_mnist.yaml"],
        "sweep_second_study": ["second_study.yaml"],
    }
    config = load(*below.get(name, []), f"{name}.yaml")
    configuration.check(config, SCHEMA)
    rows = variants(config, "mnist")
    assert len(rows) == mnist or mnist is None
    if name == "estimators":
        named = {row.estimator for row in rows.values() if row.layers}
        wanted = set(CATALOGUE) - {"none", "leaky_straight_through"}
        assert named == wanted, f"config/estimators.yaml differs in {named ^ wanted}"
    assert len(variants(config, "omniglot")) == omniglot
    characters = {"second_study": 6, "sweep_second_study": 6 * 4}
    assert len(variants(config, "characters")) == characters.get(name, 0)
    published = (ROOT / "config/published_results.csv").read_text()
    for row in variants(config, "mnist").values():
        known = f"mnist,{row.published}," in published
        assert known or row.published == row.name
        assert (
            known
            or row.estimator == "local_expectation"
            or name in ("estimators", "full_mnist", "slopes", "widths", "cures")
            or name.startswith("sweep")
        )
    # What a study has of its own is trained at the rates of its estimator, layers and mode.
    rates = {kind(row): rates_of(row) for row in variants(CONFIG, "mnist").values()}
    if not name.startswith("sweep") and name not in ("cures", "second_study"):
        for row in variants(config, "mnist").values():
            assert rates_of(row) == rates.get(kind(row), rates_of(row)), row.name
    # Replicates that studies share are trained alike.
    if config["replicates"] == CONFIG["results"]:
        for variant, row in variants(CONFIG, "mnist").items():
            assert variants(config, "mnist").get(variant, row) == row


def schema_keys(node, path=""):
    for name, child in node.get("properties", {}).items():
        child = merged(copy.deepcopy(SCHEMA["$defs"].get(child.get("$ref", "")[8:], {})), child)
        yield f"{path}{name}", child
        yield from schema_keys(child, f"{path}{name}.")


def test_every_key_is_described_and_documented():
    manual = (ROOT / "config" / "README.md").read_text()
    keys = dict(schema_keys(SCHEMA))
    assert len(keys) > 40
    for key, node in keys.items():
        if key.split(".")[-1] in ("layers", "mode", "estimator") and "description" not in node:
            continue
        assert node.get("description"), key
        assert f"`{key}`" in manual or f"`{key.split('.')[-1]}`" in manual, key


def test_numbers_that_come_as_text_are_read():
    """Snakemake reads what is nested in `--config` as text."""
    config = load()
    changes = {
        "training": {"epochs": "1", "learning_rate": "5e-2", "nesterov": "True"},
        "slope": {"rate": "1.005"},
        "network": {"kernel_size": "3"},
    }
    merged(config, {"seeds": ["0", "7"], "title": "7", "mnist": changes})
    config["omniglot"]["test"]["n_way"] = ["5", 20]
    configuration.read_values(config, SCHEMA)
    configuration.check(config, SCHEMA)
    assert config["seeds"] == [0, 7]
    assert config["title"] == "7"  # which is to be text
    training = config["mnist"]["training"]
    assert (training["epochs"], training["learning_rate"]) == (1, 0.05)
    assert training["nesterov"] is True
    assert config["mnist"]["slope"]["rate"] == 1.005
    assert config["mnist"]["network"]["kernel_size"] == 3
    assert config["omniglot"]["test"]["n_way"] == [5, 20]


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("epochs", "1.5", "an integer"),
        ("epochs", "many", "an integer"),
        ("learning_rate", "", "a number"),
        ("learning_rate", "nan", "a number"),
        ("learning_rate", "1e999", "a number"),
    ],
)
def test_text_that_is_no_such_number_is_told(key, text, kind):
    config = load()
    config["mnist"]["training"][key] = text
    configuration.read_values(config, SCHEMA)
    with pytest.raises(StudyError, match=f"mnist.training.{key}: .* must be {kind}"):
        configuration.check(config, SCHEMA)


def test_a_folder_of_results_that_is_a_file_is_told(tmp_path):
    path = tmp_path / "file"
    path.touch()
    config = load()
    config["replicates"] = str(path)
    with pytest.raises(StudyError, match="replicates: .*file is a file; name a folder"):
        configuration.check(config, SCHEMA)


def test_a_published_variant_that_is_not_there_is_told():
    published = ROOT / "config/published_results.csv"
    configuration.check_published(CONFIG, published)
    config = copy.deepcopy(CONFIG)
    config["mnist"]["variants"]["no_binary"]["published"] = "no_binry"
    message = "mnist.variants.no_binary.published: .*published_results.csv has no variant no_binry"
    with pytest.raises(StudyError, match=message):
        configuration.check_published(config, published)
    with pytest.raises(StudyError, match="no_binry of mnist; is it no_binary"):
        configuration.check_published(config, published)


def test_data_of_another_name_have_digests_of_their_own():
    archives = ROOT / "config/archives.yaml"
    configuration.check_other_data(CONFIG, archives)
    configuration.check_other_data(load("fashion_mnist.yaml"), archives)
    elsewhere = {"archives": {"mnist": {"sources": ["https://example.org"]}}}
    configuration.check_other_data(merged(load(), elsewhere), archives)
    config = merged(load(), {"mnist": {"title": "Mine"}})
    message = "mnist.title: 'Mine' names other data than MNIST, .*archives.mnist.expected"
    with pytest.raises(StudyError, match=message):
        configuration.check_other_data(config, archives)
    config["data"]["origin"] = "embedded"
    configuration.check_other_data(config, archives)
    config = merged(load("fashion_mnist.yaml"), {"mnist": {"title": "MNIST"}})
    message = "archives.mnist.expected: are not the digests of MNIST; .* in mnist.title"
    with pytest.raises(StudyError, match=message):
        configuration.check_other_data(config, archives)


def test_characters_are_those_of_the_official_archives():
    other = {"archives": {"omniglot": {"expected": {"images_background.zip": {"md5": "0" * 32}}}}}
    config = merged(load("second_study.yaml"), other)
    with pytest.raises(StudyError, match="characters.select: .* of the official archives alone"):
        configuration.check_other_data(config, ROOT / "config/archives.yaml")
    config["characters"]["select"] = []
    configuration.check_other_data(config, ROOT / "config/archives.yaml")
