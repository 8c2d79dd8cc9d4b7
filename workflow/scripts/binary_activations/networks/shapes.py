"""What the layers of each network are made of. No PyTorch, since figures name it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Shape:
    """What a network's layers are made of.

    Attributes:
        channels: of each layer.
        kernel_size: of the convolutions, odd; padding keeps the size.
        activation: of layers that are not binary, a key of `ACTIVATIONS`.
        pooling: `max`, or `stride`: convolutions of stride 2 in place of 2 x 2 max-pool.
        normalisation: `before_pooling`, or `after_pooling`.
        groups: parts of the channels that are kept apart above the first layer.
    """

    channels: tuple[int, ...]
    kernel_size: int
    activation: str
    pooling: str = "max"
    normalisation: str = "before_pooling"
    groups: int = 1

    def features(self):
        """Returns how many features the last layer has on a drawing of 28 x 28, flattened."""
        size = 28
        for _ in self.channels:
            size = size // 2 if self.pooling == "max" else (size + 1) // 2
        return self.channels[-1] * size * size


# The published networks. A configuration may change each attribute.
SHAPES = {
    "mnist": Shape((16, 32), 5, "hard_sigmoid"),
    "omniglot": Shape((64, 64, 64, 64), 3, "relu"),
    "characters": Shape((64, 64, 64, 64), 3, "relu"),
}


def shape_of(dataset, units):
    """Returns the shape of a data set's network, with what `network` of its units changes."""
    changes = units.get("network", {})
    if "channels" in changes:
        changes = changes | {"channels": tuple(changes["channels"])}
    return replace(SHAPES[dataset], **changes)
