"""Files of tensors, which notice an altered byte."""

import hashlib
import io
import pickle
from pathlib import Path

import torch

from binary_activations.files import write_atomically

_DIGEST_SIZE = 64  # hexadecimal digits


def save(path, content):
    """Saves tensors, numbers, text and containers of them; the same content, the same bytes.

    The file is the zip archive that torch.save writes, with its SHA-256 as the archive's comment.
    torch.load alone would not notice altered bytes.
    """
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_atomically(path, _with_digest(buffer.getvalue()))


def _with_digest(data):
    comment = hashlib.sha256(data).hexdigest().encode()
    return data[:-2] + len(comment).to_bytes(2, "little") + comment


# What torch.load and the networks raise for a file of another kind.
DAMAGED = (RuntimeError, EOFError, KeyError, TypeError, ValueError, pickle.UnpicklingError)


def load(path):
    """Loads what `save` wrote, onto the processor.

    Raises:
        OSError: where the file cannot be read.
        Exception: one of `DAMAGED`, where it is altered or another file.
    """
    content = Path(path).read_bytes()
    data = content[: -_DIGEST_SIZE - 2] + bytes(2)
    if content != _with_digest(data):
        raise ValueError("not written by save, or altered")
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
