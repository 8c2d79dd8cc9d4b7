"""Drawings that excite the filters of a trained network most, made by gradient ascent.

Erhan et al. 2009, "Visualizing higher-layer features of a deep network". A drawing starts grey and
follows the gradient of its filter's mean pre-activation, which binary units do not clip. Below
binary layers the gradient is the straight-through one.
"""

import torch
import torch.nn.functional as F

from binary_activations.data.datasets import MNIST_MEAN, MNIST_STD
from binary_activations.estimators.base import new_estimator
from binary_activations.study.tasks import is_few_shot
from binary_activations.training.optimisers import Adam

STEPS = 32
STEP = 0.3  # of Adam, in the logits of the pixels
NOISE = 0.1  # standard deviation of those logits at the start
BLUR = torch.tensor([1.0, 2.0, 1.0]).outer(torch.tensor([1.0, 2.0, 1.0])) / 16.0


@torch.enable_grad()
def maximising_drawings(network, dataset, layer, count, generator):
    """Makes a drawing for each of a layer's first filters.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`; put into evaluation mode.
        dataset: a name of `tasks.TASKS`, which decides how pixels are normalised.
        layer: its name.
        count: filters at most.
        generator: decides how drawings start, and what stochastic units below draw.

    Returns:
        float32 [filters, 28, 28], from 0 to 1. Drawings are blurred over 3 x 3 pixels, which leaves
        out what lies between single ones.
    """
    network.eval()
    network.set_generator(generator)
    network.set_estimator(new_estimator("straight_through"))
    names = network.layer_names[: network.layer_names.index(layer)]
    convolution, pooling, _ = network.layers[layer]
    filters = min(count, convolution.out_channels)
    logits = NOISE * torch.randn(filters, 1, 28, 28, generator=generator)
    logits.requires_grad_()
    optimiser = Adam([{"params": [logits], "lr": STEP}])
    for _ in range(STEPS):
        x = _inputs(_drawings(logits), dataset)
        for name in names:
            x = network.layers[name](x)
        z = pooling(convolution(x)).mean((2, 3))
        optimiser.zero_grad()
        z.diagonal().sum().neg().backward()
        optimiser.step()
    network.zero_grad()
    network.set_estimator(None)
    return _drawings(logits.detach())[:, 0]


def _drawings(logits):
    return F.conv2d(logits.sigmoid(), BLUR[None, None], padding=1)


def _inputs(drawings, dataset):
    return drawings if is_few_shot(dataset) else (drawings - MNIST_MEAN) / MNIST_STD
