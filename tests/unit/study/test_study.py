"""The settings of each job."""

import copy
import json

import pytest

from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.study import configuration
from binary_activations.study.study import Study, canonical_json
from samples.configurations import CONFIG, ROOT, load, merged


def test_training_settings_hold_just_what_a_variant_uses():
    study = Study(CONFIG)
    assert [len(rows) for rows in study.variants.values()] == [19, 5, 0]
    plain = study.training_settings("mnist", "no_binary")
    assert plain["units"] == {"layers": []}
    assert plain["training"].keys() == CONFIG["mnist"]["training"].keys() - CATALOGUE.keys()
    scored = study.training_settings("mnist", "stochastic_local_expectation_both")
    assert scored["training"] == plain["training"] | {"learning_rate_below": 0.03}
    assert scored["units"]["estimator"] == {"name": "local_expectation"}
    assert "validation" not in scored
    assert study.training_settings("omniglot", "binary_first")["validation"]["alphabets"] == 5


def test_what_is_few_shot_has_tasks_of_its_own():
    config = merged(copy.deepcopy(CONFIG), {"omniglot": {"one_shot_runs": True}})
    config["omniglot"]["test"] |= {"n_way": [5, 20], "k_shot": [1]}
    study = Study(config)
    assert study.result_settings("omniglot")["tasks"] == [
        *("5-way 1-shot", "20-way 1-shot", "one-shot runs")
    ]
    assert study.result_settings("omniglot")["title"] == "Omniglot, 5-way 1-shot"
    assert study.first_task("omniglot") == {"n_way": 5, "k_shot": 1}
    assert "tasks" not in study.result_settings("mnist")
    assert study.first_task("mnist") == {}
    assert study.evaluation_settings("mnist") == {"device": "cpu"}


def test_data_are_named_by_their_origin():
    embedded = merged(copy.deepcopy(CONFIG), {"data": {"origin": "embedded"}})
    assert Study(embedded).resources == "resources/embedded"
    assert Study(embedded).title("mnist") == "embedded digits"
    assert Study(embedded).expected_digests("mnist") == {}
    # Digits of fonts are no fashion.
    embedded["mnist"]["title"] = "Fashion MNIST"
    assert Study(embedded).resources == "resources/embedded"
    assert Study(embedded).result_settings("mnist")["origin"] == "embedded"
    assert Study(embedded).title("mnist") == "embedded digits"
    other = merged(copy.deepcopy(CONFIG), {"mnist": {"title": "Fashion MNIST"}})
    assert Study(other).resources == "resources/official_fashion-mnist"
    assert Study(other).result_settings("mnist")["origin"] == "other"
    mirrored = merged(copy.deepcopy(CONFIG), {"data": {"mirror": "here"}})
    assert Study(mirrored).sources("omniglot") == ["here"]


def test_studies_may_share_replicates():
    config = merged(copy.deepcopy(CONFIG), {"results": "results/control/", "replicates": "results"})
    study = Study(config)
    assert (study.results, study.replicates) == ("results/control", "results")
    assert study.page == "results_control"
    assert study.summary_settings()["replicates"] == ".."
    assert Study(CONFIG).replicates == "results"


@pytest.mark.parametrize(
    ("results", "folder", "page"),
    [
        ("results", "results", "results"),
        ("./results/.", "results", "results"),
        ("results/../results/demo/", "results/demo", "results_demo"),
        ("results/results", "results/results", "results_results"),
        ("other", "other", "results_other"),
        ("/data/study", "/data/study", "results_data_study"),
    ],
)
def test_a_folder_has_one_spelling_and_a_page_of_its_own(results, folder, page):
    study = Study(copy.deepcopy(CONFIG) | {"results": results})
    assert (study.results, study.replicates, study.page) == (folder, folder, page)


def test_a_study_that_has_all_published_rows_of_the_official_data_reproduces_them():
    published = configuration.published_variants(ROOT / "config/published_results.csv")
    assert {d: {s: len(names) for s, names in of.items()} for d, of in published.items()} == {
        "mnist": {"first": 13, "second": 6},
        "omniglot": {"first": 5},
        "characters": {"second": 6},
    }
    assert Study(CONFIG, published).reproduced == ["mnist", "omniglot"]
    assert Study(load("second_study.yaml"), published).reproduced == ["mnist", "characters"]
    as_trained = load("control.yaml", "published.yaml")
    assert "stochastic_reinforce_first" not in Study(as_trained).variants["mnist"]
    assert Study(as_trained, published).reproduced == ["mnist", "omniglot"]
    assert Study(load("estimators.yaml"), published).reproduced == []
    assert Study(load("demo.yaml"), published).reproduced == []
    assert Study(CONFIG).reproduced == []


@pytest.mark.parametrize(
    ("results", "page"),
    [
        ("results/sweep", "learning_rates"),
        ("results/sweep_estimators", "learning_rates_estimators"),
        ("results/mine", "learning_rates_mine"),
    ],
)
def test_a_sweep_has_a_page_of_its_own(results, page):
    assert Study(copy.deepcopy(CONFIG) | {"results": results}).sweep_page == page


def test_the_page_of_a_sweep_has_every_data_set_that_is_swept():
    study = Study(load("second_study.yaml", "sweep_second_study.yaml"))
    assert study.swept == ["mnist", "characters"]
    settings = study.published_sweep_settings("snakemake")
    assert settings.pop("about").startswith("All networks of characters were then trained at 0.1")
    assert settings == {
        "title": "Learning rates of the later published study",
        "command": "snakemake",
        "seeds": [0],
        "datasets": [
            {"title": "MNIST", "epochs": 2},
            {"title": "Omniglot characters", "epochs": 2},
        ],
    }
    assert Study(CONFIG).swept == []


def test_equal_settings_have_one_text():
    assert canonical_json({"a": [1.0, 5]}) == '{"a":[1,5]}'
    reordered = {key: CONFIG[key] for key in reversed(CONFIG)}
    assert canonical_json(reordered) == canonical_json(CONFIG)
    assert json.loads(canonical_json(CONFIG)) == CONFIG


def test_numbers_beyond_exact_integers_stay_numbers():
    assert canonical_json([1e30, 10**30, 2**53]) == "[1e+30,1e+30,9007199254740992.0]"
