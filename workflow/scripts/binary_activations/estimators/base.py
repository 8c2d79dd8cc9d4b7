"""What every gradient estimator is to a training, and how a training gets the one it names.

Notation in this room: pre-activation z, slope a >= 1, firing probability p = hard_sigmoid(a z),
state h in {0, 1}, loss L.
"""

from importlib import import_module


class GradientEstimator:
    """How a gradient gets below the binary layers of a network; this one passes none.

    A training has one estimator for all of its binary layers. Each layer's forward pass calls
    `states`. Each step calls `gradients` after the loss is known.

    Args:
        initial_loss: the loss to expect before training, in nats.
        device: where the losses are.
    """

    def __init__(self, initial_loss=0.0, device="cpu"):
        pass

    def states(self, firing):
        """Returns the states that a binary layer hands to the layer above: the values of h.

        Args:
            firing: a `firing.Firing`.
        """
        return firing.h

    def gradients(self, network, losses, criterion, labels=None):
        """Returns the gradients of a step that backpropagation cannot compute.

        Args:
            network: a `convolutional.ConvolutionalNetwork` that has just run.
            losses: of that pass; one for each sample, or one for all of them.
            criterion: function from the network's output to such losses.
            labels: int64 [samples], where the criterion is their cross-entropy.

        Returns:
            Pairs of firing probabilities and the gradient of the mean loss with respect to them.
        """
        return []

    def state_dict(self):
        """Returns what the estimator remembers from step to step."""
        return {}

    def load_state_dict(self, state):
        """Restores what `state_dict` returned."""


def new_estimator(name, **options):
    """Makes an estimator of the module with its name.

    Only this function loads modules by name, so that a training's code digest holds the one
    estimator that its variant names (`code_digest`).

    Args:
        name: of a row of `catalogue`; None for a network with no binary layer.
        options: what the module's `Estimator` takes.

    Raises:
        ModuleNotFoundError: where no module has this name.
    """
    if name is None:
        return GradientEstimator()
    return import_module(f"binary_activations.estimators.{name}").Estimator(**options)
