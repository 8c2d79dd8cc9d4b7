"""Trained models, and the checkpoints from which an interrupted training goes on."""

import hashlib
import io
import json
import pickle
from importlib.metadata import version
from pathlib import Path

import torch

from binary_activations.errors import StudyError
from binary_activations.files import file_digest, write_atomically
from binary_activations.networks.convolutional import NETWORKS

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
_DAMAGED = (RuntimeError, EOFError, KeyError, TypeError, ValueError, pickle.UnpicklingError)


def _load(path):
    content = Path(path).read_bytes()
    data = content[: -_DIGEST_SIZE - 2] + bytes(2)
    if content != _with_digest(data):
        raise ValueError("not written by save, or altered")
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)


def save_model(path, dataset, units, network, slope):
    """Saves a trained network with all that it takes to run it again.

    Args:
        path: the model file.
        dataset: `mnist` or `omniglot`.
        units: which of the network's layers are binary, and how.
        network: its state_dict.
        slope: the slope that the weights were saved under.
    """
    save(path, {"dataset": dataset, "units": units, "network": network, "slope": slope})


def load_model(path, device):
    """Loads a trained network, at the slope that its weights were saved under.

    Returns:
        The network in evaluation mode. Where it has stochastic units, give it a generator.

    Raises:
        StudyError: where the file is not a model of this study.
    """
    try:
        model = _load(path)
        network = NETWORKS[model["dataset"]](model["units"]).to(device)
        network.load_state_dict(model["network"])
        network.set_slope(model["slope"])
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error.strerror})") from error
    except _DAMAGED as error:
        raise StudyError(f"{path}: not a model of this study; delete it and run again") from error
    return network.to(memory_format=torch.channels_last).eval()


def training_identity(settings, seed, threads, data, code):
    """Returns a digest of all that decides a training's result, which its checkpoint carries.

    Args:
        settings: a mapping that JSON can hold.
        seed: the replicate's.
        threads: of the processor.
        data: path of the prepared arrays.
        code: the program's `code_digest`.
    """
    libraries = [version(name) for name in ("torch", "numba", "llvmlite")]
    parts = [settings, seed, threads, file_digest(data, "sha256"), code, libraries]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Checkpoint:
    """One training's checkpoint file.

    Args:
        path: the file.
        identity: of the training (`training_identity`).
    """

    def __init__(self, path, identity):
        self.path = Path(path)
        self.identity = identity

    def load(self):
        """Returns the state that the same training saved last, or None. Prints why, where the file
        cannot be used."""
        if not self.path.exists():
            return None
        try:
            saved = _load(self.path)
            if saved["identity"] == self.identity:
                return saved["state"]
            reason = "of other settings, data or code"
        except (OSError, *_DAMAGED):
            reason = "damaged"
        print(f"{self.path}: a checkpoint {reason}; starting afresh", flush=True)
        return None

    def save(self, state):
        """Replaces the checkpoint by this state."""
        save(self.path, {"identity": self.identity, "state": state})

    def remove(self):
        """Removes the checkpoint, once the training has written its results."""
        self.path.unlink(missing_ok=True)
