"""What a result says of its machine."""

import os

import torch

from binary_activations.training.machine import machine


def test_processor_threads_and_pytorch_are_named():
    processor, *_, version = machine(torch.device("cpu"), 3).split("; ")
    assert processor.endswith(f", {os.cpu_count()} cores, 3 used")
    assert version == f"PyTorch {torch.__version__.split('+')[0]}"
