"""What a result was computed on."""

import os
import platform
from pathlib import Path

import torch


def machine(device, threads):
    """Describes the machine for people: processor, cores, threads used, GPU if any, PyTorch."""
    parts = [f"{_processor()}, {os.cpu_count()} cores, {threads} used"]
    if device.type == "cuda":
        parts.append(torch.cuda.get_device_name(device))
    parts.append(f"PyTorch {torch.__version__.split('+')[0]}")
    return "; ".join(parts)


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
