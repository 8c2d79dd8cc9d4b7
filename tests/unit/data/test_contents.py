"""What the archives hold."""

from binary_activations.data import embedded
from binary_activations.data.contents import AVAILABLE


def test_the_embedded_data_are_as_large_as_stated():
    available = AVAILABLE["embedded"]
    assert available["images"] == embedded.TRAINING_DIGITS
    assert available["background"] == tuple(sorted(map(len, embedded.BACKGROUND.values())))
    assert available["evaluation"] == sum(map(len, embedded.EVALUATION.values()))
