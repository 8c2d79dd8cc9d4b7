"""Archives turned into arrays."""

import numpy as np
import pytest

from binary_activations.data.datasets import load_images
from binary_activations.data.embedded import write_drawings
from binary_activations.data.preparation import (
    prepare_characters,
    prepare_mnist,
    prepare_omniglot,
    shrink,
)
from binary_activations.errors import StudyError
from samples.archives import drawings, md5, mnist_archives


def test_mnist_is_prepared(tmp_path):
    paths = mnist_archives(tmp_path)
    expected = {name: {"md5": md5(path)} for name, path in paths.items()}
    prepare_mnist(paths, expected, tmp_path / "mnist.npz")
    with np.load(tmp_path / "mnist.npz") as arrays:
        assert arrays["test_images"].shape == (4, 28, 28)
        assert arrays["train_labels"].tolist() == [9] * 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": 3}, "3 labels for the 4 images"),
        ({"size": 27}, "27, 27"),
        ({"label": 10}, "label 10"),
        ({"images": 0, "labels": 0}, "holds no images"),
    ],
)
def test_archives_that_do_not_fit_are_refused(tmp_path, changes, message):
    paths = mnist_archives(tmp_path, **changes)
    with pytest.raises(StudyError, match=message):
        prepare_mnist(paths, {}, tmp_path / "mnist.npz")
    assert not (tmp_path / "mnist.npz").exists()


def test_an_altered_mnist_archive_is_refused(tmp_path):
    paths = mnist_archives(tmp_path)
    expected = {"train-labels-idx1-ubyte.gz": {"md5": "0" * 32}}
    with pytest.raises(StudyError, match=r"train-labels-idx1-ubyte.gz: truncated or altered"):
        prepare_mnist(paths, expected, tmp_path / "mnist.npz")


def test_omniglot_is_prepared(tmp_path, archive):
    other = tmp_path / "images_evaluation.zip"
    write_drawings(other, "images_evaluation", drawings(1))
    prepare_omniglot({path.name: path for path in (archive, other)}, {}, tmp_path / "o.npz")
    with np.load(tmp_path / "o.npz") as arrays:
        assert arrays["background_drawings"].shape == (2, 20, 28, 28)
        assert arrays["evaluation_alphabets"].tolist() == ["Alpha_bet"]
        assert arrays["background_drawings"].dtype == np.uint8


def test_characters_are_classes_with_drawings_of_their_own_to_test(tmp_path, archive):
    other = tmp_path / "images_evaluation.zip"
    write_drawings(other, "images_evaluation", drawings(1))
    paths = {path.name: path for path in (archive, other)}
    prepare_omniglot(paths, {}, tmp_path / "o.npz")
    prepare_characters(paths, {}, tmp_path / "c.npz")
    with np.load(tmp_path / "o.npz") as arrays:
        known = [*arrays["background_drawings"], *arrays["evaluation_drawings"]]
    with np.load(tmp_path / "c.npz") as arrays:
        for subset, count in (("train", 18), ("test", 2)):
            labels = arrays[f"{subset}_labels"]
            assert np.bincount(labels).tolist() == [count] * 3
        for label, drawn in enumerate(known):
            found = [
                image.tobytes()
                for subset in ("train", "test")
                for image in arrays[f"{subset}_images"][arrays[f"{subset}_labels"] == label]
            ]
            assert sorted(found) == sorted(image.tobytes() for image in drawn)
    images = load_images(tmp_path / "c.npz", "test")
    assert images.images.shape == (6, 1, 28, 28)
    assert images.labels.tolist() == [0, 0, 1, 1, 2, 2]


def test_shrinking_keeps_ink_where_it_was():
    pixels = np.ones((105, 105), bool)
    pixels[15:30, 60:90] = False
    small = shrink(pixels)
    assert small.min() == 0
    assert small.max() == 255
    rows, columns = np.nonzero(small > 127)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 7, 16, 23)
    assert shrink(np.ones((105, 105), bool)).max() == 0
