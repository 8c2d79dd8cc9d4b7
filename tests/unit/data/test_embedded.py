"""Data drawn from fonts: the same each time, and as many as they say."""

import numpy as np
import torch

from binary_activations.data.embedded import draw_alphabets


def test_alphabets_are_the_same_each_time_and_leave_the_generator_alone():
    torch.manual_seed(3)
    state = torch.get_rng_state()
    first, again = (draw_alphabets({"Few": "ab", "Other": "c"}) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert list(first) == list(again) == sorted(first)
    assert len(first) == 3 * 20
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_every_drawer_draws_its_own():
    drawings = draw_alphabets({"Few": "a"})
    assert len({pixels.tobytes() for pixels in drawings.values()}) == 20
    for pixels in drawings.values():
        assert pixels.shape == (105, 105)
        assert 0.5 < pixels.mean() < 1  # white paper, some ink
