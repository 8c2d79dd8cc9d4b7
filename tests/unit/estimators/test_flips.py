"""The changes of the logits against the network above the layer, run once for each flipped unit."""

import pytest
import torch

from binary_activations.estimators.flips import logit_changes
from binary_activations.networks.activations import MODES
from samples.flips import CASES, small_network, states_of


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])  # compiled, and by PyTorch
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layers", [layers for layers, name in CASES if name == "conv1"])
def test_changes_are_those_of_the_network_run_again(layers, mode, dtype, kernel_size):
    network = small_network(layers, mode, dtype, kernel_size)
    _, h = states_of(network, "conv1", torch.randn(3, 1, 12, 12, dtype=dtype))

    def logits(h):
        network.generator.manual_seed(7)  # the layer above draws the same numbers again
        with torch.no_grad():
            return network.above("conv1", h)

    convolution, pooling, unit = network.layers["conv2"]
    scale = pooling.weight / (pooling.running_var + pooling.eps).sqrt()
    with torch.no_grad():
        x = convolution(h)
        shift = pooling.bias - scale * pooling.running_mean
        normalised = x * scale[:, None, None] + shift[:, None, None]
        network.generator.manual_seed(7)
        form = unit.threshold_form(torch.nn.functional.max_pool2d(normalised, 2))
        kernels = convolution.weight * scale[:, None, None, None]
        found = logit_changes(
            *(normalised, h, unit.slope, form, kernels),
            network.head.weight.view(-1, *form.activations.shape[1:]),
        )
    before, expected = logits(h), torch.empty_like(found)
    for index in range(h[0].numel()):
        flipped = h.flatten(1).clone()
        flipped[:, index] = 1.0 - flipped[:, index]
        change = logits(flipped.view_as(h)) - before
        channel, row, column = torch.unravel_index(torch.tensor(index), h.shape[1:])
        expected[:, :, channel, row, column] = change
    assert expected.abs().max() > 0.01
    precision = 1e-5 if dtype == torch.float32 else 1e-12
    torch.testing.assert_close(found, expected, rtol=precision, atol=precision)
