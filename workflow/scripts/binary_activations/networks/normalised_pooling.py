"""Batch normalisation and 2 x 2 max-pooling in one pass over memory, compiled for the processor.

Normalising is monotone in each channel, so it commutes with the maximum, or with the minimum where
the channel's weight is negative. One pass over the convolution's output finds its moments and its
maxima, and a quarter of the values are left to normalise. The backward pass writes the gradient in
one pass too. Such passes over memory are most of what a layer costs beside its convolution.
"""

import numba
import numpy as np
import torch
from torch.autograd.function import once_differentiable

from binary_activations.compiled import as_array, channels_last


def normalise_and_pool(x, weight, bias, epsilon):
    """Normalises by the batch's moments, then takes the maxima of 2 x 2 windows.

    The same as batch norm (Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1) followed by
    max-pooling, gradients included, up to rounding; of equal maxima the first has the gradient.
    Runs on one thread. The gradient takes x's memory: a second backward pass raises PyTorch's
    error for a tensor that was modified in place.

    Args:
        x: float32 [samples, channels, height, width] on the processor.
        weight, bias: float32 [channels].
        epsilon: added to the variance.

    Returns:
        float32 [samples, channels, height // 2, width // 2]; and the batch's mean and biased
        variance, float32 [channels], without gradients.
    """
    x = channels_last(x)
    return _NormaliseAndPool.apply(x, weight, bias, epsilon)


class _NormaliseAndPool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, epsilon):
        extremes, places, mean, variance = _pool(x, weight)
        inverse = 1.0 / (variance + epsilon).sqrt()
        ctx.save_for_backward(x, extremes, places, weight, mean, inverse)
        scale = weight * inverse
        shift = bias - scale * mean
        z = torch.addcmul(shift.float()[:, None, None], extremes, scale.float()[:, None, None])
        mean, variance = mean.float(), variance.float()
        ctx.mark_non_differentiable(mean, variance)
        return z, mean, variance

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient, _mean, _variance):
        x, extremes, places, weight, mean, inverse = ctx.saved_tensors
        gradient = channels_last(gradient)
        gradient_weight, gradient_bias = torch.empty_like(mean), torch.empty_like(mean)
        _sums(*map(as_array, (gradient, extremes, mean, inverse, gradient_weight, gradient_bias)))
        # dL/dx = w/s (g - mean(g) - y mean(g y)), y = (x - m)/s, where only extremes have a g.
        values = x.numel() // x.shape[1]
        scale = weight * inverse
        slope = -scale * inverse * gradient_weight / values
        offset = -scale * gradient_bias / values - slope * mean
        terms = (scale.float(), slope.float(), offset.float())
        _spread(*map(as_array, (gradient, places, *terms, x)))
        torch.autograd.graph.increment_version(x)
        return x.detach(), gradient_weight.float(), gradient_bias.float(), None


def _pool(x, weight):
    """Finds the extremes of 2 x 2 windows: maxima, or minima in channels of negative weight.

    Args:
        x: float32 [samples, channels, height, width], channels last.
        weight: [channels].

    Returns:
        The extremes, float32, and their places in the window (0 to 3, row by row; the first of
        equals), uint8, each [samples, channels, height // 2, width // 2], channels last; and the
        mean and the biased variance of all of x by channel, float64 [channels].
    """
    samples, channels, height, width = x.shape
    extremes = torch.empty(samples, height // 2, width // 2, channels).permute(0, 3, 1, 2)
    places = torch.empty_like(extremes, dtype=torch.uint8)
    mean, variance = torch.zeros(2, channels, dtype=torch.float64)
    sign = torch.where(weight < 0, -1.0, 1.0)
    _extremes(*map(as_array, (x, sign, extremes, places, mean, variance)))
    return extremes, places, mean, variance


_IMAGES, _PLACES = numba.float32[:, :, :, ::1], numba.uint8[:, :, :, ::1]
_SINGLE, _DOUBLE = numba.float32[::1], numba.float64[::1]
# The options stand here because numba's cache compares this file, and no other one.
OPTIONS = {"cache": True, "error_model": "numpy", "fastmath": {"contract"}}


@numba.njit(numba.void(_IMAGES, _SINGLE, _IMAGES, _PLACES, _DOUBLE, _DOUBLE), **OPTIONS)
def _extremes(x, sign, extremes, places, mean, variance):
    samples, height, width, channels = x.shape
    # Sums of squares lose nothing by cancellation where the values are near zero.
    shift = x[0, 0, 0].copy()
    total, squares = np.zeros(channels, np.float32), np.zeros(channels, np.float32)
    for n in range(samples):
        for row in range(height):
            total[:] = 0.0
            squares[:] = 0.0
            for column in range(width):
                for c in range(channels):
                    value = x[n, row, column, c] - shift[c]
                    total[c] += value
                    squares[c] += value * value
            for c in range(channels):
                mean[c] += total[c]
                variance[c] += squares[c]
            if row % 2 == 1:
                for column in range(width // 2):
                    for c in range(channels):
                        a = sign[c] * x[n, row - 1, 2 * column, c]
                        b = sign[c] * x[n, row - 1, 2 * column + 1, c]
                        upper, place = (b, np.uint8(1)) if b > a else (a, np.uint8(0))
                        a = sign[c] * x[n, row, 2 * column, c]
                        b = sign[c] * x[n, row, 2 * column + 1, c]
                        lower, below = (b, np.uint8(3)) if b > a else (a, np.uint8(2))
                        extremes[n, row // 2, column, c] = sign[c] * max(lower, upper)
                        places[n, row // 2, column, c] = below if lower > upper else place
    for c in range(channels):
        mean[c] /= samples * height * width
        variance[c] = variance[c] / (samples * height * width) - mean[c] * mean[c]
        mean[c] += shift[c]


@numba.njit(numba.void(_IMAGES, _IMAGES, _DOUBLE, _DOUBLE, _DOUBLE, _DOUBLE), **OPTIONS)
def _sums(gradient, extremes, mean, inverse, products, gradients):
    """Sums by channel of g (x - m)/s and of g."""
    samples, height, width, channels = gradient.shape
    product, total = np.zeros(channels, np.float32), np.zeros(channels, np.float32)
    mean32, inverse32 = mean.astype(np.float32), inverse.astype(np.float32)
    products[:] = 0.0
    gradients[:] = 0.0
    for n in range(samples):
        product[:] = 0.0
        total[:] = 0.0
        for row in range(height):
            for column in range(width):
                for c in range(channels):
                    g = gradient[n, row, column, c]
                    product[c] += g * (extremes[n, row, column, c] - mean32[c]) * inverse32[c]
                    total[c] += g
        for c in range(channels):
            products[c] += product[c]
            gradients[c] += total[c]


@numba.njit(numba.void(_IMAGES, _PLACES, _SINGLE, _SINGLE, _SINGLE, _IMAGES), **OPTIONS)
def _spread(gradient, places, scale, slope, offset, x):
    """Replaces x by slope x + offset everywhere; at the extremes it adds the scaled g."""
    samples, height, width, channels = x.shape
    for n in range(samples):
        for row in range(height):
            for column in range(width):
                for c in range(channels):
                    x[n, row, column, c] = slope[c] * x[n, row, column, c] + offset[c]
                if row < height // 2 * 2 and column < width // 2 * 2:
                    place = np.uint8(2 * (row % 2) + column % 2)
                    for c in range(channels):
                        g = gradient[n, row // 2, column // 2, c]
                        here = places[n, row // 2, column // 2, c] == place
                        x[n, row, column, c] += scale[c] * g if here else np.float32(0.0)
