"""The networks, with any of their convolutional layers binary."""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from binary_activations.networks.activations import (
    ACTIVATIONS,
    BinaryActivation,
    MixedActivation,
)
from binary_activations.networks.shapes import shape_of

PRECISIONS = ("float32", "bfloat16")
UNIT_OPTIONS = ("mode", "margin", "states", "firing_penalty")
EVALUATION_BATCH = 500  # drawings of one pass of evaluation, which bounds its memory


class Convolution(nn.Conv2d):
    """A convolution that keeps height and width, or at stride 2 halves them, rounded up:
    [samples, inputs, height, width] to [samples, outputs, height, width].

    Attributes:
        precision: of the products in training, one of `PRECISIONS`. `bfloat16` rounds inputs,
            weights, outputs and their gradients to 8 significant bits. Processors that have
            instructions for it sum the products in float32. Weights are kept and updated in
            float32. Evaluation is in float32.
    """

    precision = "float32"

    def forward(self, x):
        if self.precision == "float32" or not self.training:
            return super().forward(x)
        return self._conv_forward(
            x.bfloat16(), self.weight.bfloat16(), self.bias.bfloat16()
        ).float()


class NormalisedPooling(nn.BatchNorm2d):
    """Batch norm, then 2 x 2 max-pool: [samples, channels, height, width] to
    [samples, channels, height // 2, width // 2]; parameters and buffers are `BatchNorm2d`'s."""

    def forward(self, x):
        if not (self.training and x.device.type == "cpu" and x.dtype == torch.float32):
            return F.max_pool2d(super().forward(x), 2)
        # Imported here, since its compiler takes a second, and only trainings need it.
        from binary_activations.networks.normalised_pooling import normalise_and_pool

        z, mean, variance = normalise_and_pool(x, self.weight, self.bias, self.eps)
        values = x.numel() // x.shape[1]
        if self.track_running_stats:
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (values / (values - 1)), self.momentum)
            self.num_batches_tracked += 1
        return z

    def after(self, convolution, x):
        """Returns the convolution's and this module's output in evaluation, as one step."""
        return F.max_pool2d(fuse_conv_bn_eval(convolution, self)(x), 2)


class Normalisation(nn.BatchNorm2d):
    """Batch norm alone, above a convolution of stride 2."""

    def after(self, convolution, x):
        """As `NormalisedPooling.after`."""
        return fuse_conv_bn_eval(convolution, self)(x)


class PooledNormalisation(nn.BatchNorm2d):
    """2 x 2 max-pool, then batch norm: what the units see has mean 0 over each channel."""

    def forward(self, x):
        return super().forward(F.max_pool2d(x, 2))

    def after(self, convolution, x):
        """As `NormalisedPooling.after`."""
        return self(convolution(x))


class ConvolutionalLayer(nn.Sequential):
    """Convolution; batch norm, with or without 2 x 2 max-pool; activation."""

    def forward(self, x):
        if self.training or torch.is_grad_enabled():
            return super().forward(x)
        convolution, normalisation, unit = self
        return unit(normalisation.after(convolution, x))


class Scale(nn.Module):
    """Multiplies embeddings, any shape, by one learned number s, 1 at first.

    Squared distances between them are so multiplied by s ** 2, which is the inverse of the
    attention's temperature. States of 0 and 1 cannot learn it otherwise.
    """

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(()))

    def forward(self, embeddings):
        return self.factor * embeddings


def new_layer(shape, inputs, outputs, unit):
    """Makes one layer of a network of a `shapes.Shape`, with its activation."""
    stride = 2 if shape.pooling == "stride" else 1
    padding = shape.kernel_size // 2
    if shape.pooling == "stride":
        normalisation = Normalisation(outputs)
    elif shape.normalisation == "after_pooling":
        normalisation = PooledNormalisation(outputs)
    else:
        normalisation = NormalisedPooling(outputs)
    groups = shape.groups if inputs > 1 else 1
    convolution = Convolution(inputs, outputs, shape.kernel_size, stride, padding, groups=groups)
    return ConvolutionalLayer(convolution, normalisation, unit)


class ConvolutionalNetwork(nn.Module):
    """Layers of convolution, batch norm, 2 x 2 max-pool, activation; then flattened features.

    Args:
        shape: a `shapes.Shape`.
        units: which layers are binary, `layers` (names conv1, conv2, ...), and what
            `BinaryActivation` takes: `mode`, `margin`, `states`, `firing_penalty`. `share` is that
            of the binary channels, rounded; the others are real. `activations`, by name of other
            layers, are keys of `ACTIVATIONS`. `estimator` is for the training.
        head: module from the flattened features to the output.

    Attributes:
        binary_layers: by name, lowest first, the binary activations.

    Raises:
        ValueError: for a layer name that the network does not have.
    """

    def __init__(self, shape, units, head):
        super().__init__()
        pairs = list(itertools.pairwise((1, *shape.channels)))
        self.layer_names = tuple(f"conv{number}" for number in range(1, len(pairs) + 1))
        if unknown := set(units["layers"]) - set(self.layer_names):
            raise ValueError(f"layers {sorted(unknown)}: use some of {', '.join(self.layer_names)}")
        options = {key: units[key] for key in UNIT_OPTIONS if key in units}
        self.generator = None
        self.binary_layers = {}
        self.layers = nn.ModuleDict()
        for name, (inputs, outputs) in zip(self.layer_names, pairs, strict=True):
            unit = ACTIVATIONS[units.get("activations", {}).get(name, shape.activation)]()
            if name in units["layers"]:
                binary = self.binary_layers[name] = BinaryActivation(**options, layer=name)
                channels = round(units.get("share", 1) * outputs)
                mixed = channels < outputs
                unit = MixedActivation(binary, unit, channels) if mixed else binary
            self.layers[name] = new_layer(shape, inputs, outputs, unit)
        self.head = head

    def forward(self, drawings):
        """Maps drawings [samples, 1, 28, 28] to the head's output [samples, outputs]."""
        for layer in self.layers.values():
            drawings = layer(drawings)
        return self.head(drawings.flatten(1))

    def layer_activations(self, drawings):
        """Returns every layer's activations [samples, channels, height, width], by name."""
        activations = {}
        for name, layer in self.layers.items():
            drawings = activations[name] = layer(drawings)
        return activations

    def penalty(self):
        """Returns what the binary layers add to the loss of the last pass in training."""
        return sum(unit.penalty for unit in self.binary_layers.values())

    def set_slope(self, slope):
        """Sets the slope of every layer's activation, binary or not."""
        for layer in self.layers.values():
            layer[-1].slope = slope

    def set_precision(self, precision):
        """Sets the precision of every convolution but the first, whose single input channel leaves
        it little arithmetic.

        Raises:
            ValueError: for one that is none of `PRECISIONS`.
        """
        if precision not in PRECISIONS:
            raise ValueError(f"precision {precision!r}: use one of {', '.join(PRECISIONS)}")
        for layer in list(self.layers.values())[1:]:
            layer[0].precision = precision

    def set_generator(self, generator):
        """Sets where stochastic units draw from."""
        self.generator = generator
        for unit in self.binary_layers.values():
            unit.generator = generator

    def set_estimator(self, estimator):
        """Sets how a gradient gets below the binary layers (`estimators.base`)."""
        for unit in self.binary_layers.values():
            unit.estimator = estimator

    def above(self, name, h):
        """Returns the network's output for states h of a layer, [samples, channels, height, width].
        Stochastic units above draw anew; running moments stay as they are."""
        names = list(self.layers)
        for layer in list(self.layers.values())[names.index(name) + 1 :]:
            layer[1].track_running_stats = False
            h = layer(h)
            layer[1].track_running_stats = True
        return self.head(h.flatten(1))

    def parameters_below_binary(self):
        """Returns the parameters of the layers up to the last binary one, if there is any."""
        parameters, below = [], []
        for name, layer in self.layers.items():
            below.extend(layer.parameters())
            if name in self.binary_layers:
                parameters.extend(below)
                below = []
        return parameters


def mnist_network(units):
    """Returns the MNIST network, 29,034 parameters: [samples, 1, 28, 28] to logits [samples, 10].

    Two layers of 16 and 32 filters of 5 x 5, hard sigmoid, where the `network` of `units` has
    nothing else, then linear.
    """
    shape = shape_of("mnist", units)
    return ConvolutionalNetwork(shape, units, nn.Linear(shape.features(), 10))


def omniglot_network(units):
    """Returns the matching network's encoder: [samples, 1, 28, 28] to embeddings [samples, 64].

    Four layers of 64 filters of 3 x 3, ReLU, where `network` of `units` has nothing else. Where the
    `distance_scale` of `units` is `learned`, a `Scale` follows. Vinyals et al. 2016,
    arXiv:1606.04080, section 4.1.1, without full context embeddings.
    """
    head = Scale() if units.get("distance_scale") == "learned" else nn.Identity()
    return ConvolutionalNetwork(shape_of("omniglot", units), units, head)


def characters_network(units):
    """Returns the network that tells `classes` of `units` apart: [samples, 1, 28, 28] to logits.

    Four layers of 64 filters of 3 x 3, ReLU, where `network` of `units` has nothing else, then
    linear.
    """
    shape = shape_of("characters", units)
    return ConvolutionalNetwork(shape, units, nn.Linear(shape.features(), units["classes"]))


NETWORKS = {
    "mnist": mnist_network,
    "omniglot": omniglot_network,
    "characters": characters_network,
}


@torch.no_grad()
def initialise(network, generator):
    """Draws the weights as PyTorch does by default, uniform in +-1/sqrt(fan in), from `generator`.

    Kaiming-uniform with a = sqrt(5) is that interval (He et al. 2015, arXiv:1502.01852, eq. 15).
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            bound = 1.0 / math.sqrt(module.weight[0].numel())
            module.weight.uniform_(-bound, bound, generator=generator)
            module.bias.uniform_(-bound, bound, generator=generator)
