"""Groups of variants and their names."""

from binary_activations.reporting.labels import groups, series_names
from samples.results import VARIANTS, settings, variant


def test_groups_follow_the_order_of_the_configuration():
    assert [(name, len(members)) for name, members in groups(settings())] == [
        ("no binary layer", 1),
        ("stochastic, straight-through", 2),
        ("deterministic, local expectation", 1),
    ]


def test_an_added_variant_joins_its_group_under_its_own_name():
    added = {**VARIANTS[1], "name": "annealed"}
    chosen = settings() | {"variants": [*VARIANTS, added]}
    assert [variant["name"] for variant in groups(chosen)[1][1]] == ["a", "b", "annealed"]
    assert len(groups(chosen)) == 3
    assert series_names(chosen) == {
        "plain": "none",
        "a": "conv1",
        "b": "conv2",
        "c": "conv1",
        "annealed": "conv1 (annealed)",
    }


def test_what_tells_variants_apart_names_their_groups():
    first = {"mode": "stochastic", "layers": ["conv1"]}
    chosen = settings() | {
        "variants": [
            *VARIANTS,
            variant("d", **first, estimator="disarm"),
            variant("e", **first, estimator="leave_one_out", options={"samples": 4}),
            variant("f", **first, estimator="leave_one_out", options={"samples": 8}),
            variant("g", ["conv1"], "deterministic", "local_expectation", slope="linear"),
        ]
    }
    assert [name for name, _ in groups(chosen)] == [
        "no binary layer",
        "stochastic, straight-through",
        "deterministic, local expectation, slope constant",
        "stochastic, DisARM",
        "stochastic, REINFORCE, leave-one-out, samples 4",
        "stochastic, REINFORCE, leave-one-out, samples 8",
        "deterministic, local expectation, slope linear",
    ]
