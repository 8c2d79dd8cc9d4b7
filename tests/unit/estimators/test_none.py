"""The control: no gradient gets below."""

import pytest
import torch

from binary_activations.estimators.none import Estimator
from binary_activations.networks.activations import MODES, BinaryActivation
from binary_activations.training.classification import ClassificationTraining
from samples.trainings import digits, settings_of, units_of


def test_none_passes_no_gradient():
    unit = BinaryActivation("deterministic")
    unit.estimator = Estimator()
    assert not unit(torch.zeros(3, 2, requires_grad=True)).requires_grad


def trained(layers, mode, frozen=False):
    """Three epochs of the control, or of a network whose lower parameters are frozen."""
    units = units_of("none", layers=layers, mode=mode)
    settings = settings_of(units, epochs=3, learning_rate=0.002)
    training = ClassificationTraining(settings, 0, digits(), "cpu")
    if frozen:
        for parameter in training.network.parameters_below_binary():
            parameter.requires_grad_(False)
    curve = []
    for _ in range(3):
        curve.append((*training.train_epoch(), *training.validate()))
    return training, curve


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layers", [["conv1"], ["conv2"], ["conv1", "conv2"]])
def test_what_lies_below_stays_as_it_was_and_the_rest_trains_as_if_it_were_frozen(layers, mode):
    training, curve = trained(layers, mode)
    below = training.network.parameters_below_binary()
    assert below
    assert all(parameter.grad is None for parameter in below)
    above = [p for p in training.network.parameters() if all(p is not other for other in below)]
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in above)
    frozen, frozen_curve = trained(layers, mode, frozen=True)
    assert curve == frozen_curve
    weights, others = training.network.state_dict(), frozen.network.state_dict()
    assert all(torch.equal(value, others[name]) for name, value in weights.items())
    losses = [row[0] for row in curve]
    assert losses[-1] < losses[0]
