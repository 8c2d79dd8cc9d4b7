"""A folder of known results."""

import json
import math

import pytest

from samples.results import METRICS, PUBLISHED, classified


@pytest.fixture
def results(tmp_path):
    for dataset in ("mnist", "omniglot"):
        for (variant, seed), (loss, accuracy) in METRICS.items():
            folder = tmp_path / dataset / variant / f"seed{seed}"
            folder.mkdir(parents=True)
            metrics = classified(loss, accuracy)
            if dataset == "omniglot":
                # The standard deviation over 400 episodes is 0.2.
                spread = 0.2 * math.sqrt(399 / 400)
                accuracies = [accuracy + spread, accuracy - spread] * 200
                metrics = {"loss": loss, "accuracy": accuracy, "accuracies": accuracies}
                easier = {**metrics, "task": "5-way 5-shot", "accuracy": accuracy + 0.01}
                metrics = {"tasks": [{**metrics, "task": "5-way 1-shot"}, easier]}
            (folder / "metrics.json").write_text(json.dumps(metrics))
    (tmp_path / "published.csv").write_text(PUBLISHED)
    return tmp_path
