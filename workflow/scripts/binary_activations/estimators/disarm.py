"""DisARM: the score function with two antithetic samples of the states."""

import torch

from binary_activations.estimators.score_function import ScoreFunction, per_unit


class Estimator(ScoreFunction):
    """Two antithetic samples: h = 1[u < p] and h' = 1[1 - u < p].

    With respect to the logit the estimate is (L - L')/2 (-1)^h' max(p, 1 - p) where the states
    differ, else 0. Here it is divided by p (1 - p), the derivative of p with respect to the logit.
    Dong, Mnih & Tucker 2020, arXiv:2006.10680, eq. 5 (also U2G: Yin et al. 2020). DisARM is ARM
    (Yin & Zhou 2019, arXiv:1807.11143), averaged over the uniform numbers that give the same
    states. It costs one forward pass of the layers above.
    """

    def estimate(self, layer):
        p, h = layer.p, layer.h
        uniform = layer.uniform()
        uniform = torch.where(h > 0, p * uniform, p + (1.0 - p) * uniform)  # given that it drew h
        antithetic = (1.0 - uniform < p).to(p)
        signal = 0.5 * (layer.losses - layer.losses_of(antithetic))
        weight = (h - antithetic) / torch.minimum(p, 1.0 - p)  # max(p, 1 - p) / (p (1 - p))
        return per_unit(signal) * weight
