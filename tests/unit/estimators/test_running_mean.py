"""The baseline of earlier steps."""

import torch

from binary_activations.estimators.running_mean import Estimator


def test_the_signal_is_centred_and_scaled_by_earlier_steps():
    signal = Estimator(0.9, initial_loss=2.0)
    losses = torch.tensor([3.0, 15.0])
    assert signal.signal(losses).tolist() == [1.0, 13.0]
    signal.update(losses)
    mean, deviation = 2.0 * 0.9 + 9.0 * 0.1, (0.1 * (1.0 + 169.0) / 2) ** 0.5
    assert deviation > 1
    torch.testing.assert_close(signal.signal(losses), (losses - mean) / deviation)
    other = Estimator(0.9, initial_loss=0.0)
    other.load_state_dict(signal.state_dict())
    assert torch.equal(other.signal(losses), signal.signal(losses))
