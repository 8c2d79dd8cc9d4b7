"""The one-shot task, on drawings that match themselves."""

import torch

from binary_activations.training.one_shot import evaluate_runs


def test_runs_are_told_by_the_nearest_drawing():
    support = torch.randint(256, (2, 4, 1, 28, 28), generator=torch.Generator()).byte()
    losses, accuracies = evaluate_runs(torch.nn.Flatten(), support, support)
    assert accuracies.tolist() == [1.0, 1.0]
    assert (losses < 0.01).all()
    wrong = support.roll(1, dims=1)
    assert evaluate_runs(torch.nn.Flatten(), support, wrong)[1].tolist() == [0.0, 0.0]
