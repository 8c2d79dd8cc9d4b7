"""Episodes: balanced, disjoint, decided by the seed."""

import pytest
import torch

from binary_activations.errors import StudyError
from samples.characters import draw


def test_episodes_are_balanced_and_disjoint():
    episodes = draw(0)
    assert episodes.classes.shape == (50, 5)
    assert all(len(set(row)) == 5 for row in episodes.classes.tolist())
    drawers = torch.cat([episodes.support_drawers, episodes.query_drawers], dim=2)
    assert drawers.shape == (50, 5, 8)
    assert all(len(set(row)) == 8 for row in drawers.flatten(0, 1).tolist())
    # Each class draws its own drawings.
    assert any(len({tuple(row) for row in episode}) > 1 for episode in drawers.tolist())
    assert set(episodes.classes.flatten().tolist()) == set(range(12))
    assert set(drawers.flatten().tolist()) == set(range(20))


def test_episodes_are_reproducible():
    first, again, other = draw(7), draw(7), draw(8)
    assert torch.equal(first.classes, again.classes)
    assert torch.equal(first.query_drawers, again.query_drawers)
    assert not torch.equal(first.classes, other.classes)


def test_too_few_classes_or_drawings_are_told():
    with pytest.raises(StudyError, match="n_way: 13"):
        draw(0, n_way=13)
    with pytest.raises(StudyError, match="k_shot \\+ queries: 2 \\+ 19"):
        draw(0, queries=19)
