"""What binary units did in one forward pass."""

from dataclasses import dataclass

import torch


@dataclass
class Firing:
    """A binary layer in one forward pass.

    Attributes:
        layer: its name.
        z: pre-activations [samples, ...].
        slope: a.
        p: firing probabilities, (a z + 1) / 2 clipped to 0 and 1, same shape; they carry a gradient
            to z, and so to what lies below.
        thresholds: same shape: uniform in [0, 1) for stochastic units, else 1/2.
        h: states, same shape: 1 where p exceeds the thresholds, else 0.
    """

    layer: str
    z: torch.Tensor
    slope: float
    p: torch.Tensor
    thresholds: torch.Tensor
    h: torch.Tensor
