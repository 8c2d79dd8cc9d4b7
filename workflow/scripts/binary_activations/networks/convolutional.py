"""The two networks, with any of their convolutional layers binary."""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from binary_activations.networks.activations import ACTIVATIONS, BinaryActivation, HardSigmoid, ReLU

PRECISIONS = ("float32", "bfloat16")
EVALUATION_BATCH = 500  # drawings of one pass of evaluation, which bounds its memory


class Convolution(nn.Conv2d):
    """A convolution that keeps height and width: [samples, inputs, height, width] to
    [samples, outputs, height, width].

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


class ConvolutionalLayer(nn.Sequential):
    """Convolution, batch norm and 2 x 2 max-pool, activation."""

    def forward(self, x):
        if self.training or torch.is_grad_enabled():
            return super().forward(x)
        convolution, pooling, unit = self
        return unit(F.max_pool2d(fuse_conv_bn_eval(convolution, pooling)(x), 2))


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


class ConvolutionalNetwork(nn.Module):
    """Layers of convolution, batch norm, 2 x 2 max-pool, activation; then flattened features.

    Args:
        channels: channels of the input and of each layer, for example (1, 16, 32).
        kernel_size: odd; padding keeps the size.
        activation: class of a layer that is not binary, where `units` names no other.
        units: which layers are binary, `layers` (names conv1, conv2, ...), and what
            `BinaryActivation` takes, `mode` and `margin`. `activations`, by name of other layers,
            are keys of `ACTIVATIONS`. `estimator` is for the training.
        head: module from the flattened features to the output.

    Attributes:
        binary_layers: by name, lowest first, the binary activations.

    Raises:
        ValueError: for a layer name that the network does not have.
    """

    def __init__(self, channels, kernel_size, activation, units, head):
        super().__init__()
        pairs = list(itertools.pairwise(channels))
        self.layer_names = tuple(f"conv{number}" for number in range(1, len(pairs) + 1))
        if unknown := set(units["layers"]) - set(self.layer_names):
            raise ValueError(f"layers {sorted(unknown)}: use some of {', '.join(self.layer_names)}")
        named = {layer: ACTIVATIONS[key] for layer, key in units.get("activations", {}).items()}
        options = {key: units[key] for key in ("mode", "margin") if key in units}
        self.generator = None
        self.layers = nn.ModuleDict()
        for name, (inputs, outputs) in zip(self.layer_names, pairs, strict=True):
            binary = name in units["layers"]
            self.layers[name] = ConvolutionalLayer(
                Convolution(inputs, outputs, kernel_size, padding=kernel_size // 2),
                NormalisedPooling(outputs),
                BinaryActivation(**options, layer=name)
                if binary
                else named.get(name, activation)(),
            )
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

    @property
    def binary_layers(self):
        activations = {name: layer[-1] for name, layer in self.layers.items()}
        return {
            name: unit for name, unit in activations.items() if isinstance(unit, BinaryActivation)
        }

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
        for layer in self.layers.values():
            below.extend(layer.parameters())
            if isinstance(layer[-1], BinaryActivation):
                parameters.extend(below)
                below = []
        return parameters


def mnist_network(units):
    """Returns the MNIST network, 29,034 parameters: [samples, 1, 28, 28] to logits [samples, 10].

    Two layers of 16 and 32 filters of 5 x 5, hard sigmoid where `units` has nothing else, then
    linear.
    """
    head = nn.Linear(32 * 7 * 7, 10)
    return ConvolutionalNetwork((1, 16, 32), 5, HardSigmoid, units, head)


def omniglot_network(units):
    """Returns the matching network's encoder: [samples, 1, 28, 28] to embeddings [samples, 64].

    Four layers of 64 filters of 3 x 3, ReLU where `units` has nothing else. Where the
    `distance_scale` of `units` is `learned`, a `Scale` follows. Vinyals et al. 2016,
    arXiv:1606.04080, section 4.1.1, without full context embeddings.
    """
    head = Scale() if units.get("distance_scale") == "learned" else nn.Identity()
    return ConvolutionalNetwork((1, 64, 64, 64, 64), 3, ReLU, units, head)


NETWORKS = {"mnist": mnist_network, "omniglot": omniglot_network}


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
