"""Verified archives to one file of uint8 arrays per data set."""

import io

import numpy as np
from PIL import Image

from binary_activations.data.archives import read_drawings, read_idx, verify
from binary_activations.data.contents import TEST_DRAWERS
from binary_activations.errors import StudyError
from binary_activations.files import write_atomically

SIZE = 28
DIGITS = 10
MNIST_PARTS = {
    "train_images": ("train-images-idx3-ubyte.gz", 3),
    "train_labels": ("train-labels-idx1-ubyte.gz", 1),
    "test_images": ("t10k-images-idx3-ubyte.gz", 3),
    "test_labels": ("t10k-labels-idx1-ubyte.gz", 1),
}
OMNIGLOT_ARCHIVES = {
    "background": "images_background.zip",
    "evaluation": "images_evaluation.zip",
}


def prepare_mnist(archives, expected, path):
    """Turns the four IDX archives into one file of arrays.

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
        if not len(images):
            raise StudyError(f"{images_path}: holds no images")
        if labels.max() >= DIGITS:
            raise StudyError(f"{labels_path}: label {labels.max()}; labels go from 0 to 9")
    _save_arrays(path, arrays)


def prepare_omniglot(archives, expected, path):
    """Turns the two archives of drawings into one file of arrays.

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
        characters = _read_characters(archives[name], expected.get(name, {}))
        arrays[f"{subset}_drawings"] = np.array(list(characters.values()))
        arrays[f"{subset}_alphabets"] = np.array([key.split("/")[0] for key in characters])
    _save_arrays(path, arrays)


def prepare_characters(archives, expected, path):
    """Turns the two archives of drawings into one file of images, as `prepare_mnist` has them.

    Every character of either archive is a class, upright alone. Two of its drawings test, drawn at
    random, always the same.

    Args:
        archives, expected: as for `prepare_omniglot`.
        path: the .npz file, as for `prepare_mnist`; labels from 0, int16.

    Raises:
        StudyError: for an archive that is damaged.
    """
    drawings = []
    for name in OMNIGLOT_ARCHIVES.values():
        drawings += _read_characters(archives[name], expected.get(name, {})).values()
    images = np.array(drawings)
    labels, order = np.indices(images.shape[:2], dtype=np.int16)
    order = np.random.default_rng(0).permuted(order, axis=1)
    images = images[labels, order]
    arrays = {}
    for subset, part in (("train", np.s_[TEST_DRAWERS:]), ("test", np.s_[:TEST_DRAWERS])):
        arrays[f"{subset}_images"] = images[:, part].reshape(-1, SIZE, SIZE)
        arrays[f"{subset}_labels"] = labels[:, part].reshape(-1)
    _save_arrays(path, arrays)


def _read_characters(archive, expected):
    """Returns the small drawings of an archive, verified: lists, by character."""
    verify(archive, expected)
    characters = {}
    for drawing, pixels in read_drawings(archive).items():
        characters.setdefault(drawing.rsplit("/", 1)[0], []).append(shrink(pixels))
    return characters


def shrink(pixels):
    """Shrinks a drawing, bool [105, 105] with True for white, to uint8 [28, 28], 255 for ink."""
    image = Image.fromarray(np.where(pixels, 0.0, 1.0).astype(np.float32))
    small = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    spread = max(float(np.ptp(small)), np.finfo(np.float32).tiny)
    return np.rint((small - small.min()) / spread * 255).astype(np.uint8)


def _save_arrays(path, arrays):
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    write_atomically(path, content.getvalue())


PREPARATIONS = {
    "mnist": prepare_mnist,
    "omniglot": prepare_omniglot,
    "characters": prepare_characters,
}
