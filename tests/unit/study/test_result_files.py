"""What a study reads and makes."""

import copy

import pytest

from binary_activations.errors import StudyError
from binary_activations.study.result_files import ResultFiles
from binary_activations.study.study import Study
from samples.configurations import CONFIG, merged


def files(**changes):
    return ResultFiles(Study(merged(copy.deepcopy(CONFIG), changes)))


def test_every_replicate_has_its_files():
    found = files(seeds=[0, 7], mnist={"select": ["no_binary", "*_both"]})
    models = found.replicates("mnist", "model.pt")
    assert len(models) == 7 * 2
    assert models[1] == "results/mnist/no_binary/seed7/model.pt"
    assert found.replicate("mnist", "model.pt") == "results/mnist/{variant}/seed{seed}/model.pt"
    assert set(models) <= set(found.targets("mnist"))
    assert found.notebooks("mnist")[0] == (
        "results/mnist/stochastic_straight_through_both/notebook.ipynb"
    )


def test_one_shot_runs_add_metrics_to_omniglot_alone():
    found = files(omniglot={"one_shot_runs": True})
    assert len(found.metrics("omniglot")) == 2 * len(found.replicates("omniglot", "metrics.json"))
    assert found.metrics("mnist") == found.replicates("mnist", "metrics.json")
    assert set(found.outcomes("mnist")) - set(found.metrics("mnist")) == set(
        found.replicates("mnist", "history.csv")
    )


def test_what_is_made_of_all_variants_follows_the_folder_of_the_results():
    found = files(results="results/control", replicates="results")
    shown = found.shown("mnist", "omniglot")
    assert "results/control/tables/mnist_differences.csv" in shown
    assert "results/control/mnist/confusion.png" in shown
    assert "results/control/omniglot/confusion.png" not in shown
    assert "results/omniglot/binary_first/episode.png" in shown
    assert set(shown) <= {*found.targets("mnist"), *found.targets("omniglot")}


def test_a_data_set_without_variants_has_no_targets():
    with pytest.raises(StudyError, match="mnist: no variant is left by mnist.select"):
        files(mnist={"select": []}).targets("mnist")


def test_other_evaluations_are_tabulated_where_units_are_stochastic():
    found = files()
    assert "results/tables/mnist_evaluations.md" in found.tables("mnist", "md")
    assert "results/tables/omniglot_evaluations.md" not in found.tables("omniglot", "md")
    plain = files(mnist={"select": ["no_binary", "deterministic_*"]})
    assert plain.tables("mnist", "md") == [
        "results/tables/mnist.md",
        "results/tables/mnist_differences.md",
    ]


def test_a_sweep_that_is_not_configured_is_told():
    with pytest.raises(StudyError, match="sweep: no data set has one; .*config/sweep.yaml"):
        files().sweep("sweep.md")


def test_archives_are_those_of_the_data_sets_with_variants():
    assert [path.split("/")[-1] for path in files().needed_archives()[-2:]] == [
        "images_background.zip",
        "images_evaluation.zip",
    ]
    alone = files(omniglot={"select": []})
    assert alone.needed_archives() == alone.archives("mnist")
    one_shot = files(mnist={"select": []}, omniglot={"one_shot_runs": True})
    assert one_shot.needed_archives() == [
        *one_shot.archives("omniglot"),
        *one_shot.archives("one_shot_runs"),
    ]
