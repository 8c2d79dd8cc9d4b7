"""Local expectations: the score function with each unit's own state summed out.

The estimator needs to know how the loss depends on each single unit of a binary layer. Below the
linear layer, a unit changes its own sample's logits alone. Below one convolutional layer and the
linear layer, it also moves the moments of the batch norm in between, and with them the loss of
every sample. Each such change is small, but those of a whole batch add up.
"""

import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.estimators.flips import logit_changes
from binary_activations.estimators.score_function import ScoreFunction


class Estimator(ScoreFunction):
    """L(h_j = 1) - L(h_j = 0) for each unit j, the other states being as they were drawn.

    This is the expectation over h_j of L times the score, given all other states. Only the other
    states contribute to its variance (Rao & Blackwell). Titsias & Lázaro-Gredilla 2015,
    arXiv:1503.01494, eq. 7. Stochastic units above take both losses from the same uniform numbers
    (RAM, Tokui & Sato 2017, arXiv:1611.01239). L is the batch's loss. A unit changes its own
    sample's loss with the moments held fixed (`own_differences`), and the loss of all samples
    through the moments (`moment_differences`). The second part is to first order in the moments'
    changes, so its error falls with the size of the batch.
    """

    @torch.no_grad()
    def estimate(self, layer):
        if _is_last(layer):
            return own_differences_below_head(layer.network.head, layer.h, layer.labels)
        above = LayerAbove(layer)
        estimate = own_differences(layer, above)
        if above.pooling.training:
            estimate += len(layer.p) * moment_differences(layer, above)
        return estimate


def _is_last(layer):
    return layer.name == list(layer.network.layers)[-1]


class LayerAbove:
    """The only layer between a binary layer and the linear one, run on the binary layer's states.

    Args:
        layer: a `score_function.Layer`, of the layer before the last, even height and width.

    Attributes:
        convolution, pooling, unit: its parts.
        centred: what the convolution gives, less its mean, [samples, outputs, height, width].
        variance: that batch norm divides by, [outputs]: of the batch in training, else the running
            one.
        scale: what batch norm multiplies by, [outputs].
        normalised: what batch norm gives, of the shape of `centred`.
        z: its maxima in 2 x 2 windows, the pre-activations.

    Raises:
        ValueError: where more than one layer, or another head than a linear one, lies above; or
            where the activation has no threshold form.
    """

    def __init__(self, layer):
        layers = list(layer.network.layers.values())
        if layer.name != list(layer.network.layers)[-2] or not isinstance(
            layer.network.head, nn.Linear
        ):
            raise ValueError(
                f"{layer.name}: not below the linear layer, or one layer and the linear layer"
            )
        self.convolution, self.pooling, self.unit = layers[-1]
        if not hasattr(self.unit, "threshold_form"):
            raise ValueError(f"activation {type(self.unit).__name__}: has no threshold form")
        x = self.convolution(layer.h)
        if self.pooling.training:
            self.centred = x - x.mean((0, 2, 3), keepdim=True)
            self.variance = self.centred.square().mean((0, 2, 3))
        else:
            self.centred = x - self.pooling.running_mean[:, None, None]
            self.variance = self.pooling.running_var
        self.scale = self.pooling.weight / (self.variance + self.pooling.eps).sqrt()
        bias, scale = (part[:, None, None] for part in (self.pooling.bias, self.scale))
        self.normalised = torch.addcmul(bias, self.centred, scale)
        self.z = F.max_pool2d(self.normalised, 2)


# With softmax probabilities s_k, logits that change by c_k change the loss of label y by
# log(sum_k s_k exp(c_k)) - c_y.


def own_differences_below_head(head, h, labels):
    """Computes L_i(h_j = 1) - L_i(h_j = 0) of each unit j of each sample i, below a linear layer.

    Args:
        head: the linear layer.
        h: states 0 or 1 [samples, channels, height, width].
        labels: int64 [samples].

    Returns:
        Same shape as h.
    """
    probabilities, weight = head(h.flatten(1)).softmax(1), head.weight
    on, off = ((probabilities @ (sign * weight).exp()).log_() for sign in (1.0, -1.0))
    changes = torch.where(h.flatten(1) > 0, -off - weight[labels], on - weight[labels])
    return changes.view_as(h)


@torch.no_grad()
def own_differences(layer, above):
    """Computes L_i(h_j = 1) - L_i(h_j = 0) of each unit j of each sample i, moments held fixed.

    Args:
        layer: a `score_function.Layer`.
        above: its `LayerAbove`.

    Returns:
        [samples, channels, height, width].
    """
    head, h = layer.network.head, layer.h
    form = above.unit.threshold_form(above.z)
    changes = logit_changes(
        *(above.normalised, h, above.unit.slope, form),
        above.convolution.weight * above.scale[:, None, None, None],
        head.weight.view(-1, *form.activations.shape[1:]),
    )
    of_label = changes[torch.arange(len(h), device=h.device), layer.labels]
    probabilities = head(form.activations.flatten(1)).softmax(1)
    # Contiguous, since the channels of changes are stored last.
    exponentials = changes.exp_().permute(0, 1, 3, 4, 2).flatten(2)
    totals = torch.bmm(probabilities[:, None], exponentials).log_()
    totals = totals.view(len(h), *h.shape[2:], h.shape[1]).permute(0, 3, 1, 2)
    return (totals - of_label) * (1.0 - 2.0 * h)


@torch.no_grad()
def moment_differences(layer, above):
    """Computes how the batch's mean loss changes by the moments, from state 0 to 1 of each unit.

    A unit adds its kernel w to x, which the convolution gives. From state 0 to 1 the sum of x
    changes by the sum of w, and the sum of squares by that of 2 x w + (1 - 2 h) w^2. The
    differences of mean and variance that follow are exact. They are multiplied by the loss's
    derivatives.

    Args:
        layer: a `score_function.Layer`.
        above: its `LayerAbove`, in training mode.

    Returns:
        [samples, channels, height, width].
    """
    of_mean, of_variance = _moment_gradients(layer, above)
    samples, _, height, width = above.centred.shape
    weight = above.convolution.weight
    values, size = samples * height * width, weight.shape[2]
    rows, columns = (_reached(length, size, weight) for length in (height, width))
    sums = torch.einsum("ocab,ya,xb->ocyx", weight, rows, columns)
    squares = torch.einsum("o,ocab,ya,xb->cyx", of_variance, weight.square(), rows, columns)
    # The square of the mean moves by 2 mean sum(w) + (1 - 2 h) sum(w)^2 / values.
    squares -= torch.einsum("o,ocyx->cyx", of_variance, sums.square()) / values
    # The transposed convolution, which PyTorch itself computes more slowly.
    transposed = (weight * (2.0 * of_variance)[:, None, None, None]).flip(2, 3).transpose(0, 1)
    linear = F.conv2d(above.centred, transposed, padding=size // 2)
    linear += torch.einsum("o,ocyx->cyx", of_mean, sums)
    return linear.addcmul_(1.0 - 2.0 * layer.h, squares).div_(values)


def _moment_gradients(layer, above):
    """Returns the gradients of the batch's mean loss with respect to the mean and the variance that
    batch norm takes, [outputs], while what the convolution gives is held fixed."""
    with torch.enable_grad():
        z = above.z.detach().requires_grad_()
        if layer.estimate_above is None:
            logits = layer.network.head(above.unit(z).flatten(1))
            (gradient,) = torch.autograd.grad(F.cross_entropy(logits, layer.labels), z)
        else:  # binary too: through its own estimate
            estimate = layer.estimate_above / len(z)
            (gradient,) = torch.autograd.grad(above.unit.probabilities(z), z, estimate)
    # z = scale (x - mean) + bias at the maxima, with scale = weight / sqrt(variance + eps)
    products = gradient * (above.z - above.pooling.bias[:, None, None])
    of_variance = -0.5 * products.sum((0, 2, 3)) / (above.variance + above.pooling.eps)
    return -above.scale * gradient.sum((0, 2, 3)), of_variance


def _reached(length, size, like):
    """Returns [length, size]: 1 where the value that a unit's row (or column) reaches by an element
    of the kernel lies within the image, else 0."""
    # Made on its device: a CUDA graph cannot be captured while values are copied to it.
    positions, elements = (torch.arange(count, device=like.device) for count in (length, size))
    place = positions[:, None] - elements + size // 2
    return ((place >= 0) & (place < length)).to(like)
