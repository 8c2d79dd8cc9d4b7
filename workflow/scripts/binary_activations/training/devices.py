"""Where tensors live, and the settings under which a run can be repeated bit for bit."""

import ctypes
import os

import torch
import torch.utils.deterministic

from binary_activations.errors import StudyError


def set_up_device(name, threads):
    """Makes PyTorch deterministic, in full float32 precision, on a number of threads.

    Args:
        name: `cpu` or `cuda`.
        threads: of the processor, for operations on the CPU.

    Returns:
        The `torch.device`.

    Raises:
        StudyError: where CUDA is asked for and there is none.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_num_threads(threads)
    # The same as use_deterministic_algorithms(True), which takes 4 s to import a compiler.
    torch.set_deterministic_debug_mode("error")
    # That mode also fills each new tensor with NaN, which costs a fifth of a training.
    torch.utils.deterministic.fill_uninitialized_memory = False
    _keep_freed_memory()
    torch.backends.cudnn.allow_tf32 = False
    if name == "cuda" and not torch.cuda.is_available():
        raise StudyError("device: cuda, but PyTorch finds no CUDA device here; set device: cpu")
    return torch.device(name)


def _keep_freed_memory():
    """Makes glibc's malloc keep freed memory: the tensors of a step reuse the pages of the last
    step, so the system maps and clears no new ones."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        trim_threshold, mmap_threshold = -1, -3
        # Older versions of glibc allow 32 MiB at most.
        if mallopt(mmap_threshold, 2**30) or mallopt(mmap_threshold, 2**25):
            mallopt(trim_threshold, 2**31 - 1)
