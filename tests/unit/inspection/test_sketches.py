"""Drawings of one's own."""

import pytest
import torch

from binary_activations.inspection.sketches import sketch


def test_a_stroke_covers_as_much_as_it_is_long_and_wide():
    drawn = sketch([[(4, 10), (24, 10)]], width=2.0)
    assert drawn.shape == (1, 28, 28)
    assert drawn.dtype == torch.uint8
    assert drawn.sum() / 255 == pytest.approx(20 * 2, rel=0.1)
    assert drawn[0, 9:11, 5:23].min() > 200
    assert drawn[0, :8].max() == drawn[0, 12:].max() == 0


@pytest.mark.parametrize("stroke", [[(1, 1)], [(1, 1), (29, 1)], [(-1, 1), (2, 2)]])
def test_a_stroke_that_cannot_be_drawn_is_named(stroke):
    with pytest.raises(ValueError, match=r"stroke \[.*two points or more, from 0 to 28"):
        sketch([stroke])
