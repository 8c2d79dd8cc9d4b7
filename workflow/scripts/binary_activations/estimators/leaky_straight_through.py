"""Straight-through with a small derivative outside the clip, so that silent units still learn.

dh/dp is taken as 1 where |a z| < 1 and as the leak elsewhere, as the leaky rectifier has it (Maas,
Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic models"). A leak of 0 is
straight-through, a leak of 1 identity straight-through.
"""

import torch

from binary_activations.estimators import identity_straight_through


class Estimator(identity_straight_through.Estimator):
    """dh/dz = a/2 where |a z| < 1, else leak a/2.

    Args:
        leak: from 0 to 1.
    """

    def __init__(self, leak, **context):
        super().__init__(**context)
        self.leak = leak

    def derivative(self, firing):
        inside = (firing.slope * firing.z).abs() < 1.0
        return torch.where(inside, 1.0, self.leak).to(firing.p)
