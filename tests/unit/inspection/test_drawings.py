"""Which drawings are shown."""

import numpy as np

from binary_activations.inspection.drawings import choose_drawings, unseen_drawings


def test_unseen_drawings_are_spread_over_the_test_set(tmp_path):
    images = np.zeros((10, 28, 28), np.uint8) + np.arange(10, dtype=np.uint8)[:, None, None]
    np.savez(tmp_path / "mnist.npz", test_images=images, test_labels=np.zeros(10, np.uint8))
    found = unseen_drawings("mnist", tmp_path / "mnist.npz", 5)[:, 0, 0, 0]
    assert (found * 0.3081 * 255 + 0.1307 * 255).round().tolist() == [0, 2, 4, 6, 8]
    assert len(unseen_drawings("mnist", tmp_path / "mnist.npz", 50)) == 10
    drawings = images[:6].reshape(3, 2, 28, 28)
    np.savez(
        tmp_path / "omniglot.npz", evaluation_drawings=drawings, evaluation_alphabets=list("abc")
    )
    found = unseen_drawings("omniglot", tmp_path / "omniglot.npz", 3)[:, 0, 0, 0]
    assert (255 * found).round().tolist() == [0, 2, 4]


def test_drawings_are_chosen_of_classes_that_there_are(tmp_path):
    images = np.zeros((4, 28, 28), np.uint8) + np.arange(4, dtype=np.uint8)[:, None, None]
    labels = np.array([7, 2, 7, 9], np.uint8)
    np.savez(tmp_path / "mnist.npz", test_images=images, test_labels=labels)
    found = choose_drawings("mnist", tmp_path / "mnist.npz", 10)[:, 0, 0, 0]
    assert (found * 0.3081 * 255 + 0.1307 * 255).round().tolist() == [1, 0, 3]
