"""Every estimator of the catalogue, and exact enumeration over all states against each."""

import functools
import inspect
from importlib import import_module
from pathlib import Path

import pytest
import torch

from binary_activations.estimators import catalogue
from binary_activations.estimators.base import GradientEstimator
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.estimators.firing import Firing
from binary_activations.networks.activations import hard_sigmoid, keep_off_bounds
from binary_activations.training.devices import set_up_device
from estimators import (
    MEASURED,
    MORE,
    NO_BASELINE,
    SIXTEEN_SAMPLES,
    TWO_SAMPLES,
    enumeration_table,
)
from pages import ESTIMATORS, MANUAL, between, estimators_table, options_table
from samples.estimators import estimator_of, options_of

ALL = pytest.mark.parametrize("name", CATALOGUE)
SHARED = {"__init__", "base", "catalogue", "firing", "flips", "pass_through", "score_function"}


def test_every_module_has_its_row():
    modules = {path.stem for path in Path(catalogue.__file__).parent.glob("*.py")}
    assert modules - SHARED == set(CATALOGUE)
    assert len({row.label for row in CATALOGUE.values()}) == len(CATALOGUE)


@ALL
def test_a_module_takes_the_options_of_its_row(name):
    module = import_module(f"binary_activations.estimators.{name}")
    assert issubclass(module.Estimator, GradientEstimator)
    taken = inspect.signature(module.Estimator).parameters
    assert set(taken) - {"initial_loss", "device", "context"} == set(options_of(name))
    assert module.__doc__
    assert module.Estimator.__doc__


@ALL
def test_states_are_handed_on_and_gradients_are_finite(name):
    """Also where p is at its margin."""
    estimator = estimator_of(name)
    z = torch.tensor([-2.0, -0.5, 0.0, 2.0]).requires_grad_()
    p = keep_off_bounds(hard_sigmoid(z), 0.001)
    thresholds = torch.tensor([0.0, 0.5, 0.25, 0.9999])
    h = (thresholds < p).float()
    firing = Firing("conv1", z, 1.0, p, thresholds, h)
    with torch.no_grad():
        assert torch.equal(estimator.states(firing), h)
    states = estimator.states(firing)
    assert torch.equal(states, h)
    if states.requires_grad:
        (gradient,) = torch.autograd.grad(states.sum(), z)
        assert gradient.isfinite().all()


@functools.cache
def enumerated(layers):
    """Bias and deviation of every estimator, by label (`benchmarks/estimators.py`)."""
    set_up_device("cpu", 1)  # threads that wait for each other cost more than they save
    table = enumeration_table(list(layers), repeats=60, samples=200)
    return table.set_index("estimator")


LAYERS = pytest.mark.parametrize("layers", [("conv1",), ("conv2",), ("conv1", "conv2")])


@LAYERS
@pytest.mark.parametrize("label", MEASURED)
def test_an_estimator_is_unbiased_where_its_row_says_so(label, layers):
    """With batch norm's moments held fixed, where samples are independent."""
    entry = enumerated(layers).loc[label]
    bias, error = entry["bias"], entry["its standard error"]
    name, _ = MEASURED[label]
    if CATALOGUE[name].unbiased_at_fixed_moments:
        # Parameters' errors go together, so the norm of the means may be some standard errors long.
        assert 0 < bias < 4 * error
        # Precise enough for an estimate of 0, whose bias is 1, to fail.
        assert error < 0.2 or label == NO_BASELINE
    elif name == "none":
        assert bias == 1.0
    else:
        assert bias < 1.0
    if name in ("straight_through", "gumbel_softmax") and label not in MORE:
        assert bias > 5 * error


@LAYERS
def test_what_lowers_the_variance_does(layers):
    deviation = enumerated(layers)["deviation"]
    four = deviation[CATALOGUE["leave_one_out"].label]
    two, sixteen = (deviation[label] for label in (TWO_SAMPLES, SIXTEEN_SAMPLES))
    assert sixteen < four < two < deviation[NO_BASELINE]
    # Antithetic samples do not do worse than two independent ones.
    assert deviation[CATALOGUE["disarm"].label] < 1.05 * two
    assert deviation[CATALOGUE["local_expectation"].label] < sixteen


@pytest.mark.parametrize(
    ("page", "table"), [(MANUAL, options_table), (ESTIMATORS, estimators_table)]
)
def test_the_documentation_has_every_row(page, table):
    found, _ = between(page.read_text(encoding="utf-8"), "estimators")
    assert found == table(), "run python benchmarks/pages.py"
