"""The metrics of a few-shot task."""

import json

import torch

from binary_activations.training.task_metrics import task_metrics


def test_means_and_every_episode_are_kept():
    losses = torch.tensor([1.0, 2.0], dtype=torch.float64)
    found = task_metrics("5-way 1-shot", losses, torch.tensor([0.5, 1.0], dtype=torch.float64))
    expected = {"task": "5-way 1-shot", "loss": 1.5, "accuracy": 0.75, "accuracies": [0.5, 1.0]}
    assert json.loads(json.dumps(found)) == expected
