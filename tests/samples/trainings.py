"""Trainings on few data, for tests."""

import numpy as np
import torch

from binary_activations.data.datasets import Characters, LabelledImages
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.training.few_shot import FewShotTraining
from samples.estimators import options_of

SLOPE = {"schedule": "geometric", "rate": 1.1, "maximum": 5}
SCHEDULE = {
    **{"learning_rate_schedule": "constant", "warm_up_epochs": 0},
    "keep": "lowest_validation_loss",
}
DISTORTIONS = {"shift": 0, "rotation": 0, "scaling": 0}
MNIST = {
    **{"batch_size": 40, "momentum": 0.9, "nesterov": False, "weight_decay": 0},
    **{"distortions": DISTORTIONS, "validation_images": 16},
}
OMNIGLOT = {"episodes_per_epoch": 2, "n_way": 3, "k_shot": 1, "queries": 2, "gradient_norm": 1}
VALIDATION = {"alphabets": 1, "episodes": 2, "n_way": 3, "k_shot": 1, "queries": 1}


def units_of(estimator, layers=("conv1", "conv2"), mode="stochastic", **options):
    """Binary layers with an estimator, its options at their defaults where not given."""
    if estimator is None:
        return {"layers": []}
    options = {"name": estimator, **options_of(estimator), **options}
    return {"layers": list(layers), "mode": mode, "margin": 0.01, "estimator": options}


def settings_of(units, epochs=4, learning_rate=0.05, **training):
    """Returns the settings of a short training on few images."""
    rates = {"learning_rate": learning_rate, "learning_rate_below": 0.001}
    if "learning_rate" not in CATALOGUE[units.get("estimator", {}).get("name", "none")].options:
        del rates["learning_rate_below"]
    return {
        "dataset": "mnist",
        "units": units,
        "precision": "float32",
        "slope": SLOPE,
        "training": {"epochs": epochs, **SCHEDULE, **MNIST, **rates, **training},
    }


def digits(count=96):
    random = torch.Generator().manual_seed(0)
    labels = torch.randint(10, (count,), generator=random)
    images = torch.randint(60, (count, 1, 28, 28), generator=random)
    images[torch.arange(count), 0, 2 * labels] = 255
    return LabelledImages(images.byte(), labels)


def few_shot(units, **training):
    """Returns a training of a matching network on few drawings, of two alphabets."""
    drawings = torch.randint(256, (8, 20, 1, 28, 28), generator=torch.Generator()).byte()
    characters = Characters(drawings, np.array(["A"] * 4 + ["B"] * 4))
    settings = settings_of(units, **OMNIGLOT, **training)
    settings |= {"dataset": "omniglot", "validation": VALIDATION}
    return FewShotTraining(settings, 0, characters, torch.device("cpu"))
