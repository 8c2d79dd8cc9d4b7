"""The original one-shot task, on runs made here."""

import pytest
import torch

from binary_activations.data.one_shot_runs import load_runs
from binary_activations.errors import StudyError
from samples.one_shot_runs import blots, write_members, write_runs


def test_each_query_is_of_the_class_at_its_position(tmp_path):
    drawings = blots(4)
    runs = [[drawings[place] for place in (2, 0, 3, 1)]] * 2
    write_runs(tmp_path / "runs.zip", support=runs, queries=runs)
    support, queries = load_runs(tmp_path / "runs.zip")
    assert support.shape == (2, 4, 1, 28, 28)
    assert torch.equal(support, queries)
    assert len(support[0].unique(dim=0)) == 4
    assert support.max() == 255  # ink is bright, as in training


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "runs.zip: no runs"),
        ({"run01/class_labels.txt": "one.png\n"}, "run01/class_labels.txt: a line is not"),
        ({"run01/class_labels.txt": "a.png b.png\n"}, "class_labels.txt: no member 'a.png'"),
        ({"run01/class_labels.txt": b"\xff.png b.png\n"}, "class_labels.txt: no member '.*.png'"),
        ({"run01/class_labels.txt": "a.png a.png\n", "a.png": "none"}, "'a.png' is not a 1-bit"),
    ],
)
def test_runs_that_cannot_be_read_are_named(tmp_path, members, message):
    write_members(tmp_path / "runs.zip", members)
    with pytest.raises(StudyError, match=message):
        load_runs(tmp_path / "runs.zip")


def test_runs_of_different_sizes_and_damaged_archives_are_refused(tmp_path):
    drawings = blots(4)
    path = tmp_path / "runs.zip"
    runs = [drawings[:4], drawings[:3]]
    write_runs(path, support=runs, queries=runs)
    with pytest.raises(StudyError, match="differ in their number of classes"):
        load_runs(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(StudyError, match="truncated or not a zip archive"):
        load_runs(path)
    with pytest.raises(StudyError, match="absent.zip: cannot be read"):
        load_runs(tmp_path / "absent.zip")
