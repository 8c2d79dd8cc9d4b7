"""Estimators of the catalogue, with their default options, and what they are compared with."""

import torch

from binary_activations.estimators.base import new_estimator
from binary_activations.estimators.catalogue import CATALOGUE, Row
from binary_activations.estimators.firing import Firing
from binary_activations.networks.activations import BinaryActivation


def options_of(name):
    """What the module of an estimator takes: its defaults, without what others take."""
    row = CATALOGUE.get(name, Row("", ""))
    return row.of_module(row.defaults())


def firing_of(p, h, thresholds=None):
    """Returns a `Firing` with these p, h and thresholds, and without pre-activations."""
    return Firing(layer="conv1", z=None, slope=1.0, p=p, thresholds=thresholds, h=h)


def estimator_of(name, **options):
    """Makes an estimator, with default options where none are given; None: of no binary layer."""
    return new_estimator(name, **{"initial_loss": 1.0, **options_of(name), **options})


def gradient_of_states(estimator, z, slope):
    """Returns dh/dz of deterministic units, as an estimator has it."""
    unit = BinaryActivation("deterministic")
    unit.slope, unit.estimator = slope, estimator
    z = z.clone().requires_grad_()
    return torch.autograd.grad(unit(z).sum(), z)[0]


def surrogate_gradient(sign, z, slope):
    """Returns dh/dz for h = (sign(a z) + 1) / 2, with this function for the sign."""
    z = z.clone().requires_grad_()
    return torch.autograd.grad(((sign(slope * z) + 1) / 2).sum(), z)[0]
