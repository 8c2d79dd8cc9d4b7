"""The score-function estimator (REINFORCE): what all estimators of this kind share.

A layer has firing probabilities p and states h. The gradient of E[L] with respect to p_j is
E[(L - b) s_j], with the score s_j = d log P(h | p) / dp_j and any b that does not depend on h_j
(Williams 1992, "Simple statistical gradient-following algorithms", eq. 2). An estimator returns
an estimate of this gradient. Backpropagation then takes it from p to the layers below.

Each estimator is unbiased for stochastic units if L_i depends only on the states of sample i. In
training, batch norm above a binary layer makes it depend on the other samples' states too, through
the batch's moments. Local expectations include that path. The other estimators multiply the score
by the loss of the unit's own sample alone, so below a batch norm they are biased;
docs/estimators.md says by how much. Below the linear layer all are unbiased. For deterministic
units the formula is evaluated at h = 1[p > 0.5], which is a heuristic: such a unit has no score
function.
"""

import torch

from binary_activations.estimators.base import GradientEstimator


def score(p, h):
    """d log P(h | p) / dp = h / p - (1 - h) / (1 - p), any shape, for p in (0, 1)."""
    return 1.0 / (h - 1.0 + p)


def per_unit(losses):
    """Shapes the losses of samples to multiply what their units have: [samples, 1, 1, 1]."""
    return losses.reshape(-1, 1, 1, 1)


class Layer:
    """A binary layer in one step of training: its units, and the network above them.

    Args:
        network: a `convolutional.ConvolutionalNetwork` that has just run.
        name: of the layer.
        p: firing probabilities [samples, channels, height, width].
        h: their states, same shape.
        losses: of the pass that drew h; as many as there are samples, or one for all of them.
        criterion: function from the network's output to such losses.
        labels: int64 [samples], where the criterion is their cross-entropy.
        estimate_above: the estimate for the next binary layer above; None: there is none.
    """

    def __init__(self, network, name, p, h, losses, criterion, labels=None, estimate_above=None):
        self.network, self.name = network, name
        self.estimate_above = estimate_above
        self.p, self.h, self.losses = p.detach(), h, losses.detach()
        self.criterion, self.labels = criterion, labels

    @torch.no_grad()
    def losses_of(self, h):
        """Returns the losses of other states; layers above draw theirs anew."""
        return self.criterion(self.network.above(self.name, h))

    def uniform(self):
        """Draws uniform numbers in [0, 1), one for each unit."""
        return torch.empty_like(self.p).uniform_(generator=self.network.generator)


class ScoreFunction(GradientEstimator):
    """A score-function estimator: a subclass states what it makes of one `Layer`."""

    def __init__(self, **context):
        super().__init__(**context)
        self._states = {}

    def states(self, firing):
        if torch.is_grad_enabled():
            self._states[firing.layer] = firing.p, firing.h
        return firing.h

    def gradients(self, network, losses, criterion, labels=None):
        pairs, estimate = [], None
        for name in reversed(network.binary_layers):
            p, h = self._states.pop(name)
            layer = Layer(network, name, p, h, losses, criterion, labels, estimate)
            estimate = self.estimate(layer)
            pairs.append((p, estimate / len(losses)))
        self.update(losses.detach())
        return pairs

    def estimate(self, layer):
        """Returns the estimate of dL_i/dp for the units of each sample i, of the shape of p.

        Args:
            layer: a `Layer`.
        """
        raise NotImplementedError

    def update(self, losses):
        """Updates what the estimator remembers, from the losses of a step."""
