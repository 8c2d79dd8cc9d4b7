"""The compiled kernels, against PyTorch's own operations in double precision."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from binary_activations.networks.convolutional import ConvolutionalLayer, NormalisedPooling

SHAPES = [(6, 16, 28, 28), (5, 3, 7, 7), (4, 64, 3, 3), (3, 5, 4, 9), (2, 1, 2, 2)]


def drawn(shape, seed=0, offset=0.0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) + offset


def pair(channels):
    """Makes the module with weights of both signs, and its double-precision batch norm."""
    module = NormalisedPooling(channels)
    with torch.no_grad():
        module.weight.copy_(drawn([channels], seed=1))
        module.bias.copy_(drawn([channels], seed=2))
        module.weight[0] = -0.5
    reference = nn.BatchNorm2d(channels).double()
    reference.load_state_dict(module.state_dict())
    return module, reference


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_output_moments_and_gradients_are_those_of_batch_norm_and_max_pool(shape, offset):
    module, reference = pair(shape[1])
    x = drawn(shape, offset=offset).requires_grad_()
    x64 = x.detach().double().requires_grad_()
    output, expected = module(x.clone()), F.max_pool2d(reference(x64), 2)
    gradient = drawn(expected.shape, seed=3)
    output.backward(gradient)
    expected.backward(gradient.double())
    precision = {"rtol": 1e-4, "atol": 1e-4 if offset else 1e-5, "check_dtype": False}
    torch.testing.assert_close(output, expected, **precision)
    torch.testing.assert_close(x.grad, x64.grad, **precision)
    for name, parameter in module.named_parameters():
        torch.testing.assert_close(parameter.grad, getattr(reference, name).grad, **precision)
    for name, buffer in module.named_buffers():
        torch.testing.assert_close(buffer, getattr(reference, name), **precision)


def test_of_equal_maxima_the_first_has_the_gradient():
    module = NormalisedPooling(1)
    x = torch.tensor([[0.0, 1.0], [1.0, 1.0]]).reshape(1, 1, 2, 2)
    x = torch.cat([x, -x]).requires_grad_()
    (from_kernel,) = torch.autograd.grad(module(x.clone())[0].sum(), x)
    (expected,) = torch.autograd.grad(F.max_pool2d(nn.BatchNorm2d(1)(x), 2)[0].sum(), x)
    torch.testing.assert_close(from_kernel, expected)
    assert from_kernel[0, 0, 0, 1] > 0.1 > from_kernel[0, 0, 1].max()


def test_a_value_that_is_not_a_number_reaches_the_whole_channel():
    x = drawn((2, 2, 4, 4))
    x[1, 0, 3, 3] = torch.nan
    output = NormalisedPooling(2)(x)
    assert output[:, 0].isnan().all()
    assert output[:, 1].isfinite().all()


def test_a_second_backward_pass_is_refused():
    x = drawn((2, 3, 4, 4)).requires_grad_()
    output = NormalisedPooling(3)(x.clone()).sum()
    output.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        output.backward()


def test_without_gradients_the_layer_computes_the_same():
    layer = ConvolutionalLayer(nn.Conv2d(2, 6, 3, padding=1), pair(6)[0], nn.ReLU())
    layer(drawn((8, 2, 9, 9)))
    layer.eval()
    x = drawn((3, 2, 9, 9), seed=4)
    expected = layer(x)
    with torch.inference_mode():
        torch.testing.assert_close(layer(x), expected)
    assert expected.requires_grad
