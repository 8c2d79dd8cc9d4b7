"""The prepared arrays in memory, split and rotated."""

import numpy as np
import pytest
import torch

from binary_activations.data.datasets import LabelledImages, load_omniglot, split
from binary_activations.errors import StudyError
from samples.characters import characters


def test_alphabets_held_out_share_nothing_with_the_rest():
    rest, held_out = characters().hold_out_alphabets(1, torch.Generator().manual_seed(0))
    assert len(set(held_out.alphabets)) == 1
    assert not set(held_out.alphabets) & set(rest.alphabets)
    assert len(held_out.drawings) + len(rest.drawings) == 12
    with pytest.raises(StudyError, match="validation.alphabets"):
        characters().hold_out_alphabets(3, torch.Generator())


def test_rotations_are_classes_of_their_own(tmp_path):
    drawings = torch.randint(256, (3, 20, 28, 28)).byte().numpy()
    np.savez(tmp_path / "o.npz", evaluation_drawings=drawings, evaluation_alphabets=["A", "A", "B"])
    data = load_omniglot(tmp_path / "o.npz", "evaluation")
    assert data.drawings.shape == (12, 20, 1, 28, 28)
    for turns in range(4):
        rotated = np.rot90(drawings[1, 4], turns)
        assert np.array_equal(data.drawings[3 * turns + 1, 4, 0].numpy(), rotated)
    assert data.alphabets.tolist() == ["A", "A", "B"] * 4


def test_the_split_is_a_partition_decided_by_the_seed():
    images = LabelledImages(torch.zeros(50, 1, 28, 28).byte(), torch.arange(50))
    parts = [split(images, 8, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    training, held_out = parts[0]
    assert len(held_out) == 8
    assert sorted([*training.labels.tolist(), *held_out.labels.tolist()]) == list(range(50))
    assert torch.equal(held_out.labels, parts[1][1].labels)
    assert not torch.equal(held_out.labels, parts[2][1].labels)
    with pytest.raises(StudyError, match="validation_images"):
        split(images, 50, torch.Generator())


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_damaged_arrays_are_named(tmp_path, content):
    path = tmp_path / "o.npz"
    np.savez_compressed(path, evaluation_drawings=np.arange(9999), evaluation_alphabets=["A"])
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    with pytest.raises(StudyError, match=r"o.npz: not the arrays of this study"):
        load_omniglot(path, "evaluation")
