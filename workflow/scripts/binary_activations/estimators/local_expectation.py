"""Local expectations: the score function with each unit's own state summed out.

The estimator needs to know how the loss depends on each single unit of a binary layer. Below the
linear layer, a unit reaches few values; so it does below one convolutional layer and the linear
layer. The logits can then be computed for every unit in turn, with that unit's state changed.
"""

import itertools

import numba
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.compiled import as_array, channels_last
from binary_activations.estimators.score_function import ScoreFunction


class Estimator(ScoreFunction):
    """L(h_j = 1) - L(h_j = 0) for each unit j, the other states being as they were drawn.

    This is the expectation over h_j of L times the score, given all other states. Only the other
    states contribute to its variance (Rao & Blackwell). Titsias & Lázaro-Gredilla 2015,
    arXiv:1503.01494, eq. 7. The estimate needs the loss for either state of every unit, which is
    cheap near the output (`loss_differences`).

    Args:
        images: how many images of a batch the estimate is computed from; fewer are cheaper. The
            order of a batch is random. The estimate is scaled, so that it stays unbiased.
    """

    def __init__(self, images, **context):
        super().__init__(**context)
        self.images = images

    def estimate(self, layer):
        parts = (part[: self.images] for part in (layer.p, layer.h, layer.labels))
        differences = loss_differences(layer.network, layer.name, *parts)
        estimate = torch.zeros_like(layer.p)
        estimate[: self.images] = differences * (len(layer.p) / len(differences))
        return estimate


def loss_differences(network, name, p, h, labels):
    """Computes L(h_j = 1) - L(h_j = 0) for every unit j, the other units being as they are in h.

    L is the cross-entropy of the network above the layer. Stochastic units above take both losses
    from the same uniform numbers. Batch-norm moments stay fixed while a unit is flipped.

    Args:
        network: a `convolutional.ConvolutionalNetwork`, in training mode.
        name: of the layer: the last, or the one before it.
        p: firing probabilities [samples, channels, height, width], even height and width.
        h: states 0 or 1, same shape.
        labels: int64 [samples].

    Returns:
        Same shape; it may be 0 where p is clipped, since such a p has no gradient.

    Raises:
        ValueError: where more than one layer, or another head than a linear one, lies above.
    """
    above = list(network.layers)[list(network.layers).index(name) + 1 :]
    if len(above) > 1 or not isinstance(network.head, nn.Linear):
        raise ValueError(f"{name}: not below the linear layer, or one layer and the linear layer")
    with torch.no_grad():
        if above:
            margin = network.layers[name][-1].margin
            active = (p > margin) & (p < 1.0 - margin)
            layer = network.layers[above[0]]
            differences = _through_layer(layer, network.head, h, active, labels)
        else:
            differences = _through_linear(network.head, h.flatten(1), labels).view_as(h)
        return differences * (1.0 - 2.0 * h)


# With softmax probabilities s_k, logits that change by c_k change the loss of label y by
# log(sum_k s_k exp(c_k)) - c_y.


def _through_linear(head, h, labels):
    """Computes the changes of the loss as each unit flips, [samples, units]."""
    probabilities = head(h).softmax(1)
    weight = head.weight
    on, off = ((probabilities @ (sign * weight).exp()).log_() for sign in (1.0, -1.0))
    return torch.where(h > 0, off + weight[labels], on - weight[labels])


def _through_layer(layer, head, h, active, labels):
    """Computes the changes of the loss through a layer: shape of h, 0 for inactive units."""
    convolution, pooling, unit = layer
    x = convolution(h)
    if pooling.training:
        variance, mean = torch.var_mean(x, (0, 2, 3), correction=0)
    else:
        variance, mean = pooling.running_var, pooling.running_mean
    scale = (pooling.weight / (variance + pooling.eps).sqrt())[:, None, None]
    normalised = x * scale + (pooling.bias - scale[:, 0, 0] * mean)[:, None, None]
    z = F.max_pool2d(normalised, 2)
    if not hasattr(unit, "threshold_form"):
        raise ValueError(f"activation {type(unit).__name__}: has no threshold form")
    form = unit.threshold_form(z)
    kernels = _kernels(convolution.weight * scale[..., None])
    windows = _windows(head.weight.view(-1, *form.activations.shape[1:]))
    flip = _flip_compiled if h.device.type == "cpu" and h.dtype == torch.float32 else _flip
    changes = flip(
        normalised,
        h,
        active,
        form.thresholds,
        form.activations,
        kernels,
        windows,
        float(unit.slope),
        form.margin,
        form.gain,
    )
    probabilities = head(form.activations.flatten(1)).softmax(1)
    total = torch.zeros_like(changes[0])
    for probability, change in zip(probabilities.T, changes, strict=True):
        total.addcmul_(probability[:, None, None, None], change.exp())
    of_label = changes.take_along_dim(labels[None, :, None, None, None], 0)[0]
    return (total.log_() - of_label).permute(0, 3, 1, 2)


def _kernels(weight):
    """Returns how a unit moves the 6 x 6 values around it, which are then pooled.

    The shape is [2, 2, inputs, 6, 6, outputs], from weights [outputs, inputs, size, size]. The
    first two indices are the parity of the unit's row and column.
    """
    outputs, inputs, size, _ = weight.shape
    first = 2 - size // 2
    kernels = weight.new_zeros(2, 2, inputs, 6, 6, outputs)
    for row, column in itertools.product(range(2), repeat=2):
        rows, columns = (slice(first + odd, first + odd + size) for odd in (row, column))
        kernels[row, column, :, rows, columns] = weight.flip(2, 3).permute(1, 2, 3, 0)
    return kernels


def _windows(weight):
    """Returns the linear layer's weights of the 3 x 3 pooled values around each, 0 beyond the edge:
    [height, width, classes, 9 channels], from [classes, channels, height, width]."""
    windows = F.pad(weight, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1)
    return windows.permute(2, 3, 0, 4, 5, 1).flatten(3).contiguous()


def _flip(normalised, h, active, thresholds, activations, kernels, windows, slope, margin, gain):
    """Computes the changes of the logits as each unit flips, on any device, in any precision.

    Returns:
        [classes, samples, height, width, channels]; 0 for units that are not active.
    """
    values = F.pad(normalised, (2, 2, 2, 2)).unfold(2, 6, 2).unfold(3, 6, 2)
    thresholds, activations = (
        F.pad(part, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1)
        for part in (thresholds, activations)
    )
    height, width, classes, _ = windows.shape
    windows = windows.view(height, width, classes, 3, 3, -1)
    changes = h.new_empty(classes, len(h), *h.shape[2:], h.shape[1])
    for row, column, channel in itertools.product(range(2), range(2), range(h.shape[1])):
        sign = 1.0 - 2.0 * h[:, channel, row::2, column::2]
        kernel = kernels[row, column, channel].permute(2, 0, 1)[:, None, None]
        moved = values + sign[:, None, :, :, None, None] * kernel
        pooled = moved.unflatten(5, (3, 2)).unflatten(4, (3, 2)).amax((5, 7))
        q = ((slope * pooled + 1.0) / 2.0).clamp(margin, 1.0 - margin)
        difference = ((q - thresholds) * gain).clamp(0.0, 1.0) - activations
        changes[:, :, row::2, column::2, channel] = torch.einsum(
            "ncijyx,ijkyxc->knij", difference, windows
        )
    return changes * active.permute(0, 2, 3, 1)


def _flip_compiled(normalised, h, active, thresholds, activations, kernels, windows, *numbers):
    """Computes `_flip` on the processor, in single precision."""
    images = [
        as_array(channels_last(part)) for part in (normalised, h, active, thresholds, activations)
    ]
    samples, channels, height, width = h.shape
    changes = torch.zeros(windows.shape[2], samples, height, width, channels)
    arrays = (kernels.numpy(), windows.numpy(), changes.numpy())
    _flip_each(*images, *arrays, *map(np.float32, numbers))
    return changes


_IMAGES, _ACTIVE = numba.float32[:, :, :, ::1], numba.boolean[:, :, :, ::1]
_KERNELS, _WINDOWS = numba.float32[:, :, :, :, :, ::1], numba.float32[:, :, :, ::1]
_CHANGES = numba.float32[:, :, :, :, ::1]
_NUMBERS = (numba.float32, numba.float32, numba.float32)


# Sums may be reordered, the same way on each run, so that they are taken sixteen terms at a time.
# The options stand here because numba's cache compares this file, and no other one.
@numba.njit(
    numba.void(
        *(_IMAGES, _IMAGES, _ACTIVE, _IMAGES, _IMAGES, _KERNELS, _WINDOWS, _CHANGES, *_NUMBERS)
    ),
    cache=True,
    error_model="numpy",
    fastmath={"contract", "reassoc", "nnan", "nsz"},
)
def _flip_each(
    normalised, h, active, thresholds, activations, kernels, windows, changes, slope, margin, gain
):
    samples, rows, columns, channels = h.shape
    outputs, classes = normalised.shape[3], changes.shape[0]
    zero, half, one = np.float32(0.0), np.float32(0.5), np.float32(1.0)
    difference = np.empty(9 * outputs, np.float32)
    for n in range(samples):
        for row in range(rows):
            for column in range(columns):
                difference[:] = zero  # what lies beyond the edge stays so
                for channel in range(channels):
                    if not active[n, row, column, channel]:
                        continue
                    sign = one - 2 * h[n, row, column, channel]
                    kernel = kernels[row % 2, column % 2, channel]
                    for i in range(3):
                        y = row // 2 + i - 1
                        if y < 0 or y >= rows // 2:
                            continue
                        for j in range(3):
                            x = column // 2 + j - 1
                            if x < 0 or x >= columns // 2:
                                continue
                            upper, lower = normalised[n, 2 * y], normalised[n, 2 * y + 1]
                            above, below = kernel[2 * i], kernel[2 * i + 1]
                            threshold, activation = thresholds[n, y, x], activations[n, y, x]
                            start = (3 * i + j) * outputs
                            for c in range(outputs):
                                a = upper[2 * x, c] + sign * above[2 * j, c]
                                b = upper[2 * x + 1, c] + sign * above[2 * j + 1, c]
                                a = b if b > a else a
                                b = lower[2 * x, c] + sign * below[2 * j, c]
                                a = b if b > a else a
                                b = lower[2 * x + 1, c] + sign * below[2 * j + 1, c]
                                a = b if b > a else a
                                q = half * slope * a + half
                                q = q if q > margin else margin
                                q = q if q < one - margin else one - margin
                                a = (q - threshold[c]) * gain
                                a = a if a > zero else zero
                                a = a if a < one else one
                                difference[start + c] = a - activation[c]
                    window = windows[row // 2, column // 2]
                    for k in range(classes):
                        total = zero
                        for c in range(9 * outputs):
                            total += difference[c] * window[k, c]
                        changes[k, n, row, column, channel] = total
