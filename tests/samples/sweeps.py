"""A sweep of two variants over three learning rates, by two seeds."""

import pandas as pd

from binary_activations.study.paths import replicate_file

RATES = (0.01, 0.03, 0.1)
# In percent, of each rate's two seeds.
ACCURACIES = {0.01: (90.0, 91.0), 0.03: (94.0, 98.0), 0.1: (94.5, 95.0)}


def _variant(name, layers):
    return {
        "name": name,
        "layers": layers,
        "mode": "stochastic",
        "estimator": "running_mean",
        "label": "REINFORCE",
        "options": {},
        "learning_rate": None,
        "slope": "constant",
        "network": "",
        "rates": [[rate, f"{name}_at_{number}"] for number, rate in enumerate(RATES)],
    }


SETTINGS = {
    "dataset": "mnist",
    "title": "MNIST",
    "seeds": [0, 1],
    "keep": "lowest_validation_loss",
    "variants": [_variant("a", ["conv1"]), _variant("b", ["conv1", "conv2"])],
}


def write_histories(folder):
    """Writes the history of every replicate: three epochs, of which the second is kept."""
    for variant in SETTINGS["variants"]:
        for rate, copy in variant["rates"]:
            for seed, accuracy in enumerate(ACCURACIES[rate]):
                path = folder / replicate_file("", "mnist", copy, seed, "history.csv").lstrip("/")
                path.parent.mkdir(parents=True, exist_ok=True)
                history = {
                    "epoch": [0, 1, 2],
                    "validation_loss": [0.9, 0.5, 0.6],
                    "validation_accuracy": [0.1, accuracy / 100, 0.999],
                }
                pd.DataFrame(history).to_csv(path, index=False)
