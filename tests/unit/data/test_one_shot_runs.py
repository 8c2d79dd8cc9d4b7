"""The original one-shot task, on runs made here."""

import numpy as np
import pytest
import torch
from PIL import Image

from binary_activations.data.one_shot_runs import load_runs
from binary_activations.errors import StudyError


def save_drawing(path, place):
    """Black ink on white; each class has its blot elsewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((105, 105), 255, np.uint8)
    row, column = divmod(place, 5)
    pixels[20 * row : 20 * row + 20, 20 * column : 20 * column + 20] = 0
    Image.fromarray(pixels).convert("1").save(path)


@pytest.fixture
def runs(tmp_path):
    """Two runs of four classes, queries in another order than the classes."""
    for run in ("run01", "run02"):
        lines = []
        for item, place in enumerate([2, 0, 3, 1]):
            test, training = f"{run}/test/item{item}.png", f"{run}/training/class{place}.png"
            save_drawing(tmp_path / test, place)
            save_drawing(tmp_path / training, place)
            lines.append(f"{test} {training}")
        (tmp_path / run / "class_labels.txt").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_each_query_is_of_the_class_at_its_position(runs):
    support, queries = load_runs(runs)
    assert support.shape == (2, 4, 1, 28, 28)
    assert torch.equal(support, queries)
    assert support.max() == 255  # ink is bright, as in training


def test_runs_that_cannot_be_read_are_named(runs, tmp_path):
    with pytest.raises(StudyError, match="empty: no runs"):
        load_runs(tmp_path / "empty")
    (runs / "run01/test/item0.png").write_text("no drawing")
    with pytest.raises(StudyError, match="item0.png: not a drawing"):
        load_runs(runs)
    (runs / "run01/class_labels.txt").write_text("one.png\n")
    with pytest.raises(StudyError, match="run01/class_labels.txt: a line is not"):
        load_runs(runs)
