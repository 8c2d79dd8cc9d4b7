"""How networks were trained."""

import copy

from binary_activations.reporting.recipes import recipe_table
from binary_activations.study.study import Study
from samples.configurations import CONFIG

DISTORTIONS = {"shift": 2, "rotation": 10.0}


def test_what_differs_is_tabulated_below_what_does_not():
    recipes = {
        "a": {"epochs": 10, "rate": 0.03, "nesterov": False, "distortions": DISTORTIONS},
        "b": {"epochs": 10, "rate": 1e-6, "nesterov": False, "distortions": DISTORTIONS}
        | {"margin": 0.001},
    }
    sentence, table, caption = recipe_table(recipes, {"b": 1.25}).split("\n\n")
    assert sentence == "All alike: epochs 10, nesterov no, distortions shift 2 rotation 10."
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()]
    assert cells[0] == ["variant", "rate", "margin", "minutes"]
    assert cells[2:] == [["`a`", "0.03", "", ""], ["`b`", "1e-06", "0.001", "1.2"]]
    assert caption == "A training took these minutes, beside other jobs of its machine."
    undistorted = recipe_table({name: {"distortions": {"shift": 0}} for name in "ab"}, {})
    assert undistorted.startswith("All alike: distortions none.")
    below = recipe_table({"a": {"learning rate below": 1}, "b": {"learning rate below": 2}}, {})
    assert below.endswith("Layers up to the last binary one have the learning rate below.")


def test_a_recipe_has_all_that_a_training_is_told():
    study = Study(CONFIG)
    recipe = study.recipe("mnist", "stochastic_reinforce_first")
    training = study.training_settings("mnist", "stochastic_reinforce_first")["training"]
    assert {key.replace("_", " ") for key in training} <= recipe.keys()
    assert recipe["learning rate below"] == training["learning_rate_below"]
    assert (recipe["slope"], recipe["margin"], recipe["device"]) == ("constant", 0.001, "cpu")
    assert (recipe["channels"], recipe["kernel size"], recipe["pooling"]) == ("16, 32", 5, "max")


def test_a_recipe_has_what_is_special_about_units_and_network():
    config = copy.deepcopy(CONFIG)
    variants = config["omniglot"]["variants"]
    variants["binary_fourth"] |= {"states": "signed", "distance_scale": "learned"}
    variants["no_binary"]["activations"] = {"conv2": "hard_sigmoid"}
    study = Study(config)
    assert study.recipe("omniglot", "binary_fourth")["states"] == "signed"
    assert study.recipe("omniglot", "binary_fourth")["distance scale"] == "learned"
    plain = study.recipe("omniglot", "no_binary")
    assert plain["other activations"] == "hard sigmoid in conv2"
