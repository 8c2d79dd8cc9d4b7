"""Settings under which a run can be repeated."""

import pytest
import torch

from binary_activations.errors import StudyError
from binary_activations.training.devices import set_up_device


def test_operations_are_deterministic_and_memory_is_not_filled():
    assert set_up_device("cpu", 1) == torch.device("cpu")
    assert torch.are_deterministic_algorithms_enabled()
    assert torch.get_num_threads() == 1
    assert not torch.utils.deterministic.fill_uninitialized_memory


@pytest.mark.skipif(torch.cuda.is_available(), reason="a CUDA device")
def test_a_missing_gpu_is_told():
    with pytest.raises(StudyError, match="device: cuda, but .*; set device: cpu"):
        set_up_device("cuda", 1)
