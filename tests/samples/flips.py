"""A small network below whose layers units are flipped, and the states of its layers."""

import torch
from torch import nn

from binary_activations.networks.convolutional import ConvolutionalNetwork
from binary_activations.networks.shapes import Shape

MARGIN = 0.05
CASES = [(["conv1"], "conv1"), (["conv2"], "conv2"), (["conv1", "conv2"], "conv1")]


def small_network(layers, mode, dtype, kernel_size=5):
    """12 x 12 drawings, batch norm of weights of both signs; in evaluation mode."""
    torch.manual_seed(3)
    units = {"layers": layers, "mode": mode, "margin": MARGIN}
    shape = Shape((3, 5), kernel_size, "hard_sigmoid")
    network = ConvolutionalNetwork(shape, units, nn.Linear(5 * 3 * 3, 4))
    for _, pooling, _ in network.layers.values():
        nn.init.uniform_(pooling.weight, -1.0, 1.0)
        nn.init.uniform_(pooling.bias, -0.5, 0.5)
    network = network.to(dtype).eval()
    network.set_slope(1.3)
    network.set_generator(torch.Generator().manual_seed(0))
    return network


def states_of(network, name, drawings):
    """p and h of a layer, drawn in one pass."""
    with torch.no_grad():
        for layer in list(network.layers)[: list(network.layers).index(name)]:
            drawings = network.layers[layer](drawings)
        *below, unit = network.layers[name]
        for part in below:
            drawings = part(drawings)
        return unit.probabilities(drawings), unit(drawings)
