"""Characters and episodes, drawn for tests."""

import numpy as np
import torch

from binary_activations.data.datasets import Characters
from binary_activations.data.episodes import sample_episodes


def characters(classes=12):
    drawings = torch.randint(256, (classes, 20, 1, 28, 28), generator=torch.Generator())
    return Characters(drawings.byte(), np.array([f"A{n // 4}" for n in range(classes)]))


def draw(seed, **changes):
    arguments = {"episodes": 50, "n_way": 5, "k_shot": 2, "queries": 6} | changes
    return sample_episodes(characters(), **arguments, generator=torch.Generator().manual_seed(seed))
