"""Small archives, made for tests."""

import hashlib

import numpy as np

from binary_activations.data.embedded import write_idx
from binary_activations.data.preparation import MNIST_PARTS


def drawings(characters=2):
    random = np.random.default_rng(0)
    return {
        f"Alpha_bet/character{number:02d}/{drawer:02d}": random.random((105, 105)) > 0.1
        for number in range(1, characters + 1)
        for drawer in range(1, 21)
    }


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def mnist_archives(tmp_path, images=4, labels=4, size=28, label=9):
    paths = {}
    for part, (name, dimensions) in MNIST_PARTS.items():
        paths[name] = tmp_path / name
        shape = (images, size, size) if dimensions == 3 else (labels,)
        write_idx(paths[name], np.full(shape, label if "labels" in part else 7, np.uint8))
    return paths
