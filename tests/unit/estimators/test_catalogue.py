"""Every estimator of the catalogue, against exact enumeration over all states."""

import functools

import pytest

from binary_activations.training.devices import set_up_device
from estimators import enumeration_table


@functools.cache
def enumerated(layers):
    """Bias and deviation of every estimator, by name (`benchmarks/estimators.py`)."""
    set_up_device("cpu", 1)  # threads that wait for each other cost more than they save
    table = enumeration_table(list(layers), repeats=60, samples=200)
    return table.set_index("estimator")


LAYERS = pytest.mark.parametrize("layers", [("conv1",), ("conv2",), ("conv1", "conv2")])


@LAYERS
def test_score_functions_are_unbiased(layers):
    table = enumerated(layers)
    score_functions = table[table.index.str.contains("REINFORCE|DisARM")]
    assert len(score_functions) == 7
    # Parameters' errors go together, so the norm of the means may be some standard errors long.
    assert (score_functions["bias"] < 4 * score_functions["its standard error"]).all()
    assert (score_functions["its standard error"] > 0).all()
    # Precise enough for an estimate of 0, whose bias is 1, to fail.
    precise = score_functions.drop(index="REINFORCE, no baseline")
    assert (precise["its standard error"] < 0.2).all()


@LAYERS
def test_biased_estimators_are_seen_to_be(layers):
    table = enumerated(layers)
    for name in ("straight-through", "Gumbel-softmax, temperature 1"):
        assert table["bias"][name] > 5 * table["its standard error"][name], name
    assert table["bias"]["none"] == 1.0


@LAYERS
def test_what_lowers_the_variance_does(layers):
    deviation = enumerated(layers)["deviation"]
    two, four, sixteen = (
        deviation[f"REINFORCE, {number} samples, leave-one-out"] for number in (2, 4, 16)
    )
    assert sixteen < four < two < deviation["REINFORCE, no baseline"]
    # Antithetic samples do not do worse than two independent ones.
    assert deviation["DisARM"] < 1.05 * two
    assert deviation["REINFORCE, local expectation"] < sixteen
