"""The prepared arrays as tensors in memory: images of digits, classes of characters."""

import zlib
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import torch

from binary_activations.data.contents import ROTATIONS
from binary_activations.errors import StudyError

MNIST_MEAN, MNIST_STD = 0.1307, 0.3081


def _load_arrays(path, names):
    try:
        with np.load(path) as file:
            return [file[name] for name in names]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error) as error:
        raise StudyError(
            f"{path}: not the arrays of this study ({error}); delete it and run again"
        ) from error


@dataclass
class LabelledImages:
    """Images and their labels, in memory.

    Attributes:
        images: uint8 [n, 1, 28, 28].
        labels: int64 [n], from 0.
    """

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self):
        return len(self.labels)

    def subset(self, indices):
        """Returns the images at `indices`, int64 [m]."""
        return LabelledImages(self.images[indices], self.labels[indices])


def normalised(images):
    """Normalises images, uint8 of any shape, by the moments of MNIST's training set: float32."""
    return images.float().sub_(MNIST_MEAN * 255).div_(MNIST_STD * 255)


def load_images(path, subset, device="cpu"):
    """Loads the prepared `train` or `test` images, of digits or of characters.

    Raises:
        StudyError: where the file does not hold them.
    """
    images, labels = _load_arrays(path, (f"{subset}_images", f"{subset}_labels"))
    images = torch.from_numpy(images).unsqueeze(1).to(device)
    return LabelledImages(images, torch.from_numpy(labels).long().to(device))


def split(labelled, held_out, generator):
    """Splits labelled images at random.

    Args:
        labelled: the images of the training set.
        held_out: how many go to the second part.
        generator: decides which (a CPU generator).

    Returns:
        What remains, and what is held out.

    Raises:
        StudyError: where nothing would remain.
    """
    if held_out >= len(labelled):
        raise StudyError(
            f"training.validation_images: {held_out} of {len(labelled)} training images"
        )
    order = torch.randperm(len(labelled), generator=generator).to(labelled.labels.device)
    return labelled.subset(order[held_out:]), labelled.subset(order[:held_out])


@dataclass
class Characters:
    """Classes of drawings, in memory; each rotation of a character is a class of its own.

    Attributes:
        drawings: uint8 [classes, 20, 1, 28, 28].
        alphabets: the alphabet's name of each class.
    """

    drawings: torch.Tensor
    alphabets: np.ndarray

    def inputs(self, classes, drawers):
        """Returns drawings of the classes by the drawers (int64, one shape): float32 in [0, 1].

        Returns:
            Shape [classes.numel(), 1, 28, 28].
        """
        return self.drawings[classes.flatten(), drawers.flatten()].float().div_(255.0)

    def hold_out_alphabets(self, count, generator):
        """Splits the classes by alphabets drawn at random.

        Args:
            count: how many alphabets to hold out.
            generator: decides which (a CPU generator).

        Returns:
            The remaining classes, and the classes of the alphabets held out.

        Raises:
            StudyError: where no alphabet would remain.
        """
        names = np.unique(self.alphabets)
        if count >= len(names):
            raise StudyError(f"omniglot.validation.alphabets: {count} of {len(names)} alphabets")
        chosen = names[torch.randperm(len(names), generator=generator)[:count].numpy()]
        held_out = np.isin(self.alphabets, chosen)
        return self._where(~held_out), self._where(held_out)

    def _where(self, mask):
        indices = torch.from_numpy(np.flatnonzero(mask)).to(self.drawings.device)
        return Characters(self.drawings[indices], self.alphabets[mask])


def load_omniglot(path, subset, device="cpu"):
    """Loads the prepared `background` or `evaluation` drawings, in their four rotations.

    Raises:
        StudyError: where the file does not hold them.
    """
    drawings, alphabets = _load_arrays(path, (f"{subset}_drawings", f"{subset}_alphabets"))
    drawings = torch.from_numpy(drawings).unsqueeze(2)
    rotations = [torch.rot90(drawings, turns, dims=(-2, -1)) for turns in range(ROTATIONS)]
    return Characters(torch.cat(rotations).to(device), np.tile(alphabets, ROTATIONS))
