"""Prepared data: verified archives in, uint8 arrays on disk, tensors out."""

import io
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from binary_activations.archives import read_drawings, read_idx, verify
from binary_activations.errors import StudyError
from binary_activations.files import write_atomically

SIZE = 28
MNIST_MEAN, MNIST_STD = 0.1307, 0.3081
MNIST_PARTS = {
    "train_images": ("train-images-idx3-ubyte.gz", 3),
    "train_labels": ("train-labels-idx1-ubyte.gz", 1),
    "test_images": ("t10k-images-idx3-ubyte.gz", 3),
    "test_labels": ("t10k-labels-idx1-ubyte.gz", 1),
}
MNIST_CLASSES = 10
OMNIGLOT_ARCHIVES = {
    "background": "images_background.zip",
    "evaluation": "images_evaluation.zip",
}


def prepare_mnist(archives, expected, path):
    """Turn the four IDX archives into one file of arrays.

    Args:
        archives: paths by file name.
        expected: by file name, what `archives.verify` checks.
        path: the .npz file: `train_images` [n, 28, 28] and `train_labels` [n], `test_...`.

    Raises:
        StudyError: for an archive that is damaged or does not fit the others.
    """
    arrays = {}
    for part, (name, dimensions) in MNIST_PARTS.items():
        verify(archives[name], expected.get(name, {}))
        arrays[part] = read_idx(archives[name], dimensions)
    for subset in ("train", "test"):
        images, labels = arrays[f"{subset}_images"], arrays[f"{subset}_labels"]
        images_path = archives[MNIST_PARTS[f"{subset}_images"][0]]
        labels_path = archives[MNIST_PARTS[f"{subset}_labels"][0]]
        if images.shape[1:] != (SIZE, SIZE):
            raise StudyError(f"{images_path}: images are {images.shape[1:]}, not {SIZE} x {SIZE}")
        if len(images) != len(labels):
            raise StudyError(
                f"{labels_path}: {len(labels)} labels for the {len(images)} images of {images_path}"
            )
        if labels.max(initial=0) >= MNIST_CLASSES:
            raise StudyError(f"{labels_path}: label {labels.max()}; labels go from 0 to 9")
    _save_arrays(path, arrays)


def prepare_omniglot(archives, expected, path):
    """Turn the two archives of drawings into one file of arrays.

    Drawings are resized from 105 to 28 with anti-aliasing and scaled to [0, 1] each, ink 1.

    Args:
        archives: paths by file name.
        expected: by file name, what `archives.verify` checks.
        path: the .npz file: by subset, `..._drawings` uint8 [characters, 20, 28, 28] and
            `..._alphabets` [characters], the alphabet's name of each character.

    Raises:
        StudyError: for an archive that is damaged.
    """
    arrays = {}
    for subset, name in OMNIGLOT_ARCHIVES.items():
        verify(archives[name], expected.get(name, {}))
        drawings = read_drawings(archives[name])
        characters = {}
        for name, pixels in drawings.items():
            characters.setdefault(name.rsplit("/", 1)[0], []).append(shrink(pixels))
        arrays[f"{subset}_drawings"] = np.array(list(characters.values()))
        arrays[f"{subset}_alphabets"] = np.array([name.split("/")[0] for name in characters])
    _save_arrays(path, arrays)


def shrink(pixels):
    """A drawing, bool [105, 105] with True for white, to uint8 [28, 28] with 255 for ink."""
    image = Image.fromarray(np.where(pixels, 0.0, 1.0).astype(np.float32))
    small = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    spread = max(float(np.ptp(small)), np.finfo(np.float32).tiny)
    return np.rint((small - small.min()) / spread * 255).astype(np.uint8)


def _save_arrays(path, arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    write_atomically(path, content.getvalue())


def _load_arrays(path, names):
    try:
        with np.load(path) as file:
            return [file[name] for name in names]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise StudyError(f"{path}: not the arrays of this study ({error}); delete it") from error


@dataclass
class LabelledImages:
    """Images and their labels, in memory.

    Attributes:
        images: uint8 [n, 1, 28, 28].
        labels: int64 [n], from 0 to 9.
    """

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self):
        return len(self.labels)

    def subset(self, indices):
        """The images at `indices`, int64 [m]."""
        return LabelledImages(self.images[indices], self.labels[indices])

    def inputs(self, indices):
        """Normalised images at `indices` (int64 [m] or a slice): float32 [m, 1, 28, 28]."""
        return self.images[indices].float().sub_(MNIST_MEAN * 255).div_(MNIST_STD * 255)


def load_mnist(path, subset, device="cpu"):
    """Load the prepared `train` or `test` images.

    Raises:
        StudyError: where the file does not hold them.
    """
    images, labels = _load_arrays(path, (f"{subset}_images", f"{subset}_labels"))
    images = torch.from_numpy(images).unsqueeze(1).to(device)
    return LabelledImages(images, torch.from_numpy(labels).long().to(device))


def split(labelled, held_out, generator):
    """Part labelled images at random.

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
            f"mnist.training.validation_images: {held_out} of {len(labelled)} training images"
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
        """Drawings of the classes by the drawers (int64, one shape): float32 in [0, 1].

        Returns:
            Shape [classes.numel(), 1, 28, 28].
        """
        return self.drawings[classes.flatten(), drawers.flatten()].float().div_(255.0)

    def hold_out_alphabets(self, count, generator):
        """Part the classes by alphabets drawn at random.

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
            raise StudyError(
                f"omniglot.training.validation_alphabets: {count} of {len(names)} alphabets"
            )
        chosen = names[torch.randperm(len(names), generator=generator)[:count].numpy()]
        held_out = np.isin(self.alphabets, chosen)
        return self._where(~held_out), self._where(held_out)

    def _where(self, mask):
        indices = torch.from_numpy(np.flatnonzero(mask)).to(self.drawings.device)
        return Characters(self.drawings[indices], self.alphabets[mask])


def load_omniglot(path, subset, device="cpu"):
    """Load the prepared `background` or `evaluation` drawings, in their four rotations.

    Raises:
        StudyError: where the file does not hold them.
    """
    drawings, alphabets = _load_arrays(path, (f"{subset}_drawings", f"{subset}_alphabets"))
    drawings = torch.from_numpy(drawings).unsqueeze(2)
    rotations = [torch.rot90(drawings, turns, dims=(-2, -1)) for turns in range(4)]
    return Characters(torch.cat(rotations).to(device), np.tile(alphabets, 4))
