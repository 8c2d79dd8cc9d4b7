"""Results of four variants and two seeds, known in advance."""

import numpy as np

from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.reporting.tables import (
    read_metrics,
    read_published,
    result_table,
)
from binary_activations.training.classification_metrics import packed

DEFAULT = {"activations": {}, "network": "", "channels": [16, 32], "learning_rate": None}
DEFAULT |= {"network_at_any_width": ""}


def variant(name, layers=(), mode=None, estimator=None, **changes):
    """Returns a row of the variants table, as `Study.result_settings` gives it."""
    label = CATALOGUE[estimator].label if estimator else "no binary layer"
    row = {"name": name, "layers": list(layers), "mode": mode, "estimator": estimator}
    row["label"] = label
    row["family"] = CATALOGUE[estimator].family if estimator else "backpropagation"
    return row | {"options": {}, "slope": "constant", "published": name, **DEFAULT} | changes


VARIANTS = [
    variant("plain"),
    variant("a", ["conv1"], "stochastic", "straight_through"),
    variant("b", ["conv2"], "stochastic", "straight_through"),
    variant("c", ["conv1"], "deterministic", "local_expectation"),
]
PUBLISHED = "study,dataset,variant,loss,accuracy,estimator\nfirst,mnist,plain,0.0341,98.79,\n"
PUBLISHED += "first,mnist,a,0.05,98.3,none\nfirst,omniglot,plain,,84.4,\n"
METRICS = {
    ("plain", 0): (0.10, 0.98),
    ("plain", 7): (0.20, 0.96),
    ("a", 0): (0.30, 0.90),
    ("a", 7): (0.50, 0.92),
    ("b", 0): (0.35, 0.95),
    ("b", 7): (0.35, 0.95),
    ("c", 0): (1.0, 0.5),
    ("c", 7): (2.0, 0.6),
}


def classified(loss, accuracy, images=1000, **others):
    """Returns the metrics of a test of so many images, of which the first ones are right."""
    right = round(accuracy * images)
    correct = packed(np.arange(images) < right)
    confusion = [[right, images - right], [0, 0]]
    return {
        "loss": loss,
        "accuracy": accuracy,
        "images": images,
        "confusion": confusion,
        "correct": correct,
        **others,
    }


def settings(dataset="mnist", seeds=(0, 7), origin="official"):
    found = {"dataset": dataset, "title": "Title", "origin": origin, "seeds": list(seeds)}
    if dataset == "omniglot":
        found["tasks"] = ["5-way 1-shot", "5-way 5-shot"]
    return found | {"variants": VARIANTS}


def table(results, **changes):
    chosen = settings(**changes)
    metrics = read_metrics(chosen, results)
    published = read_published(chosen, results / "published.csv")
    return result_table(metrics, published, chosen), chosen
