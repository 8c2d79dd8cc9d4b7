"""The gradient by brute force: the whole batch's loss, with its own moments, for each unit flipped.

Nothing is held fixed and nothing is left out, so this is what estimators are compared with.
"""

import torch

from binary_activations.estimators import local_expectation


@torch.no_grad()
def flipped_losses(layer, units, own=False):
    """Computes L(h_j = 1) - L(h_j = 0) of the batch's mean loss L, for some units j.

    Stochastic units above take both losses from the same uniform numbers.

    Args:
        layer: a `score_function.Layer`.
        units: int64 [number], which of the flattened units of all samples.
        own: of each unit the loss of its own sample, divided by the number of samples, instead.

    Returns:
        [number].
    """
    generator = layer.network.generator
    start = generator.get_state()

    def losses(states):
        generator.set_state(start)
        return layer.losses_of(states)

    h = layer.h.clone(memory_format=torch.contiguous_format)
    flat, sample = h.view(-1), units // h[0].numel()
    before, differences = losses(h), []
    for unit, image in zip(units.tolist(), sample.tolist(), strict=True):
        flat[unit] = 1.0 - flat[unit]
        change = losses(h) - before
        flat[unit] = 1.0 - flat[unit]
        differences.append((change[image] if own else change.sum()) / len(h))
    generator.set_state(start)
    return torch.stack(differences) * (1.0 - 2.0 * flat[units])


class WithoutMoments(local_expectation.Estimator):
    """Local expectations that leave out what a unit changes through batch norm's moments."""

    def estimate(self, layer):
        if layer.name == list(layer.network.layers)[-1]:
            return super().estimate(layer)
        return local_expectation.own_differences(layer, local_expectation.LayerAbove(layer))


class Correction(local_expectation.Estimator):
    """Brute force less local expectations, from a random sample of a layer's units.

    Added to local expectations it has the expectation of brute force, with much less to compute.
    It is 0 below the linear layer, where local expectations are exact.

    Args:
        units: how many of a layer are drawn; None: all.
        generator: that they are drawn from.
        own: whether only the loss of a unit's own sample counts. So it is in the expectation of
            score functions whose signal is each sample's loss.
    """

    def __init__(self, units, generator, own=False):
        super().__init__()
        self.units, self.generator, self.own = units, generator, own

    def estimate(self, layer):
        if layer.estimate_above is not None:
            layer.estimate_above = self.local
        self.local = super().estimate(layer)
        count = layer.h.numel()
        units = torch.randperm(count, generator=self.generator)[: self.units]
        exact = flipped_losses(layer, units, self.own) * len(layer.h)
        estimate = self.local.flatten()  # in the order of h, channels first
        correction = torch.zeros_like(estimate)
        correction[units] = (exact - estimate[units]) * (count / len(units))
        return correction.view(layer.h.shape)
