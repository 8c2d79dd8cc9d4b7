"""Tensors as arrays that share their memory."""

import torch

from binary_activations.compiled import as_array, channels_last


def test_an_array_shares_a_tensors_memory_with_channels_last():
    tensor = channels_last(torch.zeros(2, 3, 4, 5))
    array = as_array(tensor)
    assert array.shape == (2, 4, 5, 3)
    assert array.flags.c_contiguous
    array[1, 2, 3, 0] = 7.0
    assert tensor[1, 0, 2, 3] == 7.0
    assert as_array(torch.ones(3, requires_grad=True)).tolist() == [1, 1, 1]
