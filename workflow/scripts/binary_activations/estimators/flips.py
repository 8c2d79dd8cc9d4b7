"""How the logits change as each unit flips, below one layer and the linear layer.

A flipped unit changes the 3 x 3 pooled values around it in each channel of the layer above. Most of
these are so far beyond a clip or a threshold that no unit changes what follows; they are skipped.
The loop over the others is compiled for the processor.
"""

import itertools

import numba
import numpy as np
import torch
import torch.nn.functional as F

from binary_activations.compiled import as_array, channels_last


def logit_changes(normalised, h, slope, form, kernels, weight):
    """Computes how the logits change as each unit flips, batch-norm moments held fixed.

    Args:
        normalised: what the layer above normalised, [samples, outputs, height, width], both even.
        h: states 0 or 1 [samples, channels, height, width].
        slope: a, of the layer above.
        form: the `activations.ThresholdForm` of its pre-activations.
        kernels: what a unit adds to `normalised`, [outputs, channels, size, size].
        weight: of the linear layer, [classes, outputs, height // 2, width // 2].

    Returns:
        [samples, classes, channels, height, width].
    """
    half = float(slope) / 2.0
    # q is not clipped here, so a threshold that no clipped q passes, or every one, is moved away.
    thresholds = form.thresholds
    if form.margin:
        thresholds = thresholds.masked_fill(thresholds >= 1.0 - form.margin, 1e30)
        thresholds = thresholds.masked_fill(thresholds < form.margin, -1e30)
    parts = (half * normalised + 0.5, h, thresholds, form.activations)
    compiled = h.device.type == "cpu" and h.dtype == torch.float32
    flip = _flip_compiled if compiled else _flip
    changes = flip(*parts, _placed(half * kernels), _windows(weight), form.gain)
    return changes.permute(0, 1, 4, 2, 3)


def _placed(kernels):
    """Returns how the units of a 2 x 2 window move the 6 x 6 values around it, which are pooled.

    The shape is [3, 3, outputs, 4, 4, channels]: the window of the values, their channel, their
    place in the window; the place of the unit in its own window, and its channel.
    """
    outputs, channels, size, _ = kernels.shape
    first = 2 - size // 2
    placed = kernels.new_zeros(2, 2, outputs, channels, 6, 6)
    for row, column in itertools.product(range(2), repeat=2):
        rows, columns = (slice(first + odd, first + odd + size) for odd in (row, column))
        placed[row, column, ..., rows, columns] = kernels.flip(2, 3)
    placed = placed.flatten(0, 1).unflatten(4, (3, 2)).unflatten(3, (3, 2))
    return placed.permute(3, 5, 1, 4, 6, 0, 2).flatten(3, 4).contiguous()


def _windows(weight):
    """Returns the linear layer's weights of the 3 x 3 pooled values around each, 0 beyond the edge:
    [height, width, 3, 3, outputs, classes], from [classes, outputs, height, width]."""
    windows = F.pad(weight, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1)
    return windows.permute(2, 3, 4, 5, 1, 0).contiguous()


def _flip(q, h, thresholds, activations, kernels, windows, gain):
    """Flips each unit on any device, in any precision: [samples, classes, height, width, channels].

    An activation is clip((q - threshold) gain, 0, 1), of the maximum of q in its 2 x 2 window.
    """
    values = F.pad(q, (2, 2, 2, 2)).unfold(2, 6, 2).unfold(3, 6, 2)
    values = values.unflatten(5, (3, 2)).unflatten(4, (3, 2)).permute(0, 2, 3, 4, 6, 1, 5, 7)
    values = values.flatten(6)
    thresholds, activations = (
        F.pad(part, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1).permute(0, 2, 3, 4, 5, 1)
        for part in (thresholds, activations)
    )
    changes = h.new_empty(len(h), windows.shape[-1], *h.shape[2:], h.shape[1])
    for place, channel in itertools.product(range(4), range(h.shape[1])):
        rows, columns = slice(place // 2, None, 2), slice(place % 2, None, 2)
        sign = (1.0 - 2.0 * h[:, channel, rows, columns])[..., None, None, None, None]
        pooled = (values + sign * kernels[..., place, channel]).amax(-1)
        difference = ((pooled - thresholds) * gain).clamp(0.0, 1.0) - activations
        changes[:, :, rows, columns, channel] = torch.einsum(
            "nyxijc,yxijck->nkyx", difference, windows
        )
    return changes


def _flip_compiled(q, h, thresholds, activations, kernels, windows, gain):
    """Computes `_flip` on the processor, in single precision."""
    images = [as_array(channels_last(part)) for part in (q, h, thresholds, activations)]
    reach = kernels.abs().amax((0, 1, 3, 4, 5))  # how far a unit can move a value
    samples, channels, height, width = h.shape
    changes = torch.empty(samples, windows.shape[-1], height, width, channels)
    arrays = (kernels.flatten(4), reach, windows, changes)
    _flip_each(*images, *(array.numpy() for array in arrays), np.float32(gain))
    return changes


_IMAGES, _REACH = numba.float32[:, :, :, ::1], numba.float32[::1]
_KERNELS, _WINDOWS = numba.float32[:, :, :, :, ::1], numba.float32[:, :, :, :, :, ::1]
_CHANGES = numba.float32[:, :, :, :, ::1]


# Sums may be reordered, the same way on each run, so that they are taken sixteen terms at a time.
# The options stand here because numba's cache compares this file, and no other one.
@numba.njit(
    numba.void(
        *(_IMAGES, _IMAGES, _IMAGES, _IMAGES),
        *(_KERNELS, _REACH, _WINDOWS, _CHANGES, numba.float32),
    ),
    cache=True,
    error_model="numpy",
    fastmath={"contract", "reassoc", "nnan", "nsz"},
)
def _flip_each(q, h, thresholds, activations, kernels, reach, windows, changes, gain):
    samples, rows, columns, channels = h.shape
    outputs, classes, height, width = q.shape[3], changes.shape[1], rows // 2, columns // 2
    zero, one = np.float32(0.0), np.float32(1.0)
    span = one / gain
    sign, difference = np.empty((2, 4 * channels), np.float32)
    total = np.empty((classes, 4 * channels), np.float32)
    which = np.empty((height, width, outputs), np.int32)  # of the outputs a unit can change
    counts = np.empty((height, width), np.int32)
    for n in range(samples):
        for y in range(height):
            upper, lower = q[n, 2 * y], q[n, 2 * y + 1]
            for x in range(width):
                count = 0
                for c in range(outputs):
                    pooled = max(
                        max(upper[2 * x, c], upper[2 * x + 1, c]),
                        max(lower[2 * x, c], lower[2 * x + 1, c]),
                    )
                    above = pooled - reach[c] >= thresholds[n, y, x, c] + span
                    below = pooled + reach[c] <= thresholds[n, y, x, c]
                    which[y, x, count] = c
                    count += not (above or below)
                counts[y, x] = count
        for y in range(height):
            for x in range(width):
                total[:] = zero
                for place in range(4):
                    for channel in range(channels):
                        state = h[n, 2 * y + place // 2, 2 * x + place % 2, channel]
                        sign[place * channels + channel] = one - 2 * state
                for i in range(max(0, 1 - y), min(3, height + 1 - y)):
                    for j in range(max(0, 1 - x), min(3, width + 1 - x)):
                        above, left = y + i - 1, x + j - 1
                        upper, lower = q[n, 2 * above], q[n, 2 * above + 1]
                        for number in range(counts[above, left]):
                            c = which[above, left, number]
                            kernel = kernels[i, j, c]
                            first, second, third, fourth = (
                                kernel[0],
                                kernel[1],
                                kernel[2],
                                kernel[3],
                            )
                            q1, q2 = upper[2 * left, c], upper[2 * left + 1, c]
                            q3, q4 = lower[2 * left, c], lower[2 * left + 1, c]
                            threshold = thresholds[n, above, left, c]
                            activation = activations[n, above, left, c]
                            for unit in range(4 * channels):
                                a = q1 + sign[unit] * first[unit]
                                b = q2 + sign[unit] * second[unit]
                                a = b if b > a else a
                                b = q3 + sign[unit] * third[unit]
                                a = b if b > a else a
                                b = q4 + sign[unit] * fourth[unit]
                                a = b if b > a else a
                                a = (a - threshold) * gain
                                a = a if a > zero else zero
                                a = a if a < one else one
                                difference[unit] = a - activation
                            weights = windows[y, x, i, j, c]
                            for k in range(classes):
                                weight, sums = weights[k], total[k]
                                for unit in range(4 * channels):
                                    sums[unit] += weight * difference[unit]
                for k in range(classes):
                    for place in range(4):
                        target = changes[n, k, 2 * y + place // 2, 2 * x + place % 2]
                        for channel in range(channels):
                            target[channel] = total[k, place * channels + channel]
