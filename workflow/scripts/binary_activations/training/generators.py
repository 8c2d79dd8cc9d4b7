"""Random generators: every draw of a replicate comes from one of these."""

import numpy as np
import torch

STREAMS = ("weights", "split", "order", "units", "validation", "test")


def generator(seed, stream, device="cpu"):
    """Makes the generator for one purpose of one replicate.

    Streams are independent: drawing more from one, such as the units', leaves the others as they
    are. So all variants of one seed see the same data in the same order.

    Args:
        seed: the replicate's seed, a non-negative integer.
        stream: what is drawn, one of `STREAMS`.
        device: where the draws are made.

    Returns:
        A `torch.Generator` in its initial state.
    """
    sequence = np.random.SeedSequence([seed, STREAMS.index(stream)])
    state = int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
    return torch.Generator(device).manual_seed(state)
