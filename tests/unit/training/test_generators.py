"""Random streams of a replicate."""

import torch

from binary_activations.training.generators import STREAMS, generator


def test_streams_are_independent():
    draws = {tuple(torch.rand(3, generator=generator(0, stream)).tolist()) for stream in STREAMS}
    assert len(draws) == len(STREAMS)
