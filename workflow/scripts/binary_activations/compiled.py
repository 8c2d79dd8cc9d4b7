"""Tensors as arrays, for loops that are compiled for the processor."""

import torch


def as_array(tensor):
    """Returns a tensor's memory as an array, channels last where it has four dimensions."""
    tensor = tensor.detach()
    return (tensor.permute(0, 2, 3, 1) if tensor.dim() == 4 else tensor).numpy()


def channels_last(tensor):
    """Returns the tensor [samples, channels, height, width] with its channels stored together."""
    return tensor.contiguous(memory_format=torch.channels_last)
