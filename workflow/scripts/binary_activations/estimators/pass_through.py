"""What all estimators share that turn dL/dh, which backpropagation gives, into dL/dp."""

import torch

from binary_activations.estimators.base import GradientEstimator


class _PassGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, carrier, h, derivative):
        ctx.save_for_backward(derivative)
        return h.view_as(h)

    @staticmethod
    def backward(ctx, gradient):
        (derivative,) = ctx.saved_tensors
        return gradient if derivative is None else gradient * derivative, None, None


class PassThrough(GradientEstimator):
    """Takes a derivative for dh/dp; a subclass states which, and may state another carrier."""

    def carrier(self, firing):
        """Returns what carries the gradient to z, of the shape of h: the firing probabilities."""
        return firing.p

    def derivative(self, firing):
        """Returns the value used as the derivative of h with respect to the carrier.

        It has the shape of h; None means 1.
        """
        return None

    def states(self, firing):
        with torch.no_grad():
            derivative = self.derivative(firing)
        return _PassGradient.apply(self.carrier(firing), firing.h.detach(), derivative)
