"""Trained models, and the checkpoints from which an interrupted training goes on."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from binary_activations.files import file_digest
from binary_activations.training.tensor_files import DAMAGED, load, save


def save_model(path, dataset, units, network, slope):
    """Saves a trained network with all that it takes to run it again.

    Args:
        path: the model file.
        dataset: a name of `tasks.TASKS`.
        units: which of the network's layers are binary, and how.
        network: its state_dict.
        slope: the slope that the weights were saved under.
    """
    save(path, {"dataset": dataset, "units": units, "network": network, "slope": slope})


def training_identity(settings, seed, threads, data, code):
    """Returns a digest of all that decides a training's result, which its checkpoint carries.

    Args:
        settings: a mapping that JSON can hold.
        seed: the replicate's.
        threads: of the processor.
        data: path of the prepared arrays.
        code: `code_digest.training_digest`.
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
            saved = load(self.path)
            if saved["identity"] == self.identity:
                return saved["state"]
            reason = "of other settings, data or code"
        except (OSError, *DAMAGED):
            reason = "damaged"
        print(f"{self.path}: a checkpoint {reason}; starting afresh", flush=True)
        return None

    def save(self, state):
        """Replaces the checkpoint by this state."""
        save(self.path, {"identity": self.identity, "state": state})

    def remove(self):
        """Removes the checkpoint, once the training has written its results."""
        self.path.unlink(missing_ok=True)
