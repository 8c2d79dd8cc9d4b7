"""Estimators of the catalogue, with their default options."""

from binary_activations.estimators.base import new_estimator
from binary_activations.estimators.catalogue import CATALOGUE


def options_of(name):
    """What the module of an estimator takes: its defaults, without what others take."""
    options = CATALOGUE[name].options if name else {}
    others = ("margin", "learning_rate")
    return {key: option.default for key, option in options.items() if key not in others}


def estimator_of(name, **options):
    """An estimator, its options at their defaults where not given; None: of no binary layer."""
    return new_estimator(name, **{"initial_loss": 1.0, **options_of(name), **options})
