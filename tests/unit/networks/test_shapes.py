"""What the layers of networks are made of."""

import pytest

from binary_activations.networks.convolutional import NETWORKS
from binary_activations.networks.shapes import SHAPES, Shape, shape_of


def test_every_network_has_a_shape():
    assert SHAPES.keys() == NETWORKS.keys()


@pytest.mark.parametrize(
    ("shape", "features"),
    [
        (Shape((16, 32), 5, "relu"), 32 * 7 * 7),
        (Shape((64,) * 4, 3, "relu"), 64),
        (Shape((64,) * 4, 3, "relu", pooling="stride"), 64 * 2 * 2),  # 14, 7, 4, 2
    ],
)
def test_the_features_are_what_pooling_leaves_of_28_x_28(shape, features):
    assert shape.features() == features


def test_units_change_parts_of_the_published_shape():
    changed = shape_of("mnist", {"network": {"channels": [8, 16], "groups": 2}})
    assert changed == Shape((8, 16), 5, "hard_sigmoid", groups=2)
    assert shape_of("omniglot", {}) == SHAPES["omniglot"]
