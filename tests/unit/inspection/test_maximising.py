"""Drawings made by gradient ascent."""

import pytest
import torch
import torch.nn.functional as F

from binary_activations.data.datasets import normalised
from binary_activations.inspection.maximising import BLUR, maximising_drawings
from binary_activations.training.fit import new_network


def pre_activations(network, layer, inputs):
    """The mean pre-activation of each of a layer's filters: [drawings, filters]."""
    names = network.layer_names[: network.layer_names.index(layer)]
    with torch.inference_mode():
        for name in names:
            inputs = network.layers[name](inputs)
        convolution, pooling, _ = network.layers[layer]
        return pooling(convolution(inputs)).mean((2, 3))


@pytest.mark.parametrize("layer", ["conv1", "conv2"])
@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_they_excite_their_filter_more_than_other_drawings_do(mode, layer):
    """Also through binary layers below."""
    network = new_network("mnist", {"layers": ["conv1", "conv2"], "mode": mode}, 0, "cpu")
    generator = torch.Generator().manual_seed(0)
    made = maximising_drawings(network, "mnist", layer, 8, generator)
    assert made.shape == (8, 28, 28)
    assert made.min() >= 0
    assert made.max() <= 1
    assert not made.requires_grad
    random = torch.rand(200, 1, 28, 28, generator=generator)
    random = F.conv2d(random, BLUR[None, None], padding=1)  # as smooth as what is made
    others = pre_activations(network, layer, normalised(255 * random))[:, :8]
    own = pre_activations(network, layer, normalised(255 * made[:, None])).diagonal()
    assert (own > others.quantile(0.9, dim=0)).all()
    assert (own > others.amax(0)).sum() >= 6
    # What trains stays as it was.
    assert all(parameter.grad is None for parameter in network.parameters())


def test_the_same_generator_gives_the_same_drawings():
    network = new_network("omniglot", {"layers": ["conv1"], "mode": "stochastic"}, 0, "cpu")
    found = [
        maximising_drawings(network, "omniglot", "conv3", 4, torch.Generator().manual_seed(1))
        for _ in range(2)
    ]
    assert torch.equal(*found)
