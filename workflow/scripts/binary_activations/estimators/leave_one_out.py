"""REINFORCE with several samples of the states, each a baseline for the others."""

import torch

from binary_activations.estimators.score_function import ScoreFunction, per_unit, score


class Estimator(ScoreFunction):
    """The baseline of each sample is the mean loss of the others.

    The samples are independent, so the baseline does not depend on the states that it is for.
    Kool, van Hoof & Welling 2019, "Buy 4 REINFORCE samples, get a baseline for free!"; Mnih &
    Rezende 2016, arXiv:1602.06725, eq. 8. Each sample but the first costs a forward pass of the
    layers above.

    Args:
        samples: how many, with the one that the network ran on; at least 2.
    """

    def __init__(self, samples, **context):
        super().__init__(**context)
        self.samples = samples

    def estimate(self, layer):
        states, losses = [layer.h], [layer.losses]
        while len(states) < self.samples:
            states.append((layer.uniform() < layer.p).to(layer.p))
            losses.append(layer.losses_of(states[-1]))
        losses = torch.stack(losses)
        signals = (losses - losses.mean(0)) / (self.samples - 1)
        return sum(
            per_unit(signal) * score(layer.p, h) for signal, h in zip(signals, states, strict=True)
        )
