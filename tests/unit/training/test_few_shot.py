"""Matching networks, trained and tested on few drawings."""

import numpy as np
import pytest
import torch

from binary_activations.data.datasets import Characters
from binary_activations.training.checkpoints import Checkpoint
from binary_activations.training.few_shot import embed_episodes, evaluate_episodes
from samples.characters import characters, draw
from samples.trainings import few_shot, units_of


@pytest.mark.parametrize(
    "units",
    [
        units_of(None),
        units_of("straight_through", ["conv2"], "deterministic"),
        units_of("running_mean", ["conv3"]),
        units_of("running_mean", ["conv4"]),
    ],
)
def test_an_omniglot_epoch_trains_every_layer(units):
    training = few_shot(units)
    before = [parameter.clone() for parameter in training.network.parameters()]
    loss, accuracy = training.train_epoch()
    assert loss > 0
    assert 0 <= accuracy <= 1
    for old, new in zip(before, training.network.parameters(), strict=True):
        assert not torch.equal(old, new)


def test_a_killed_training_on_episodes_resumes_bit_for_bit(tmp_path):
    units = units_of("running_mean", ["conv4"])
    whole = few_shot(units)
    whole.fit(Checkpoint(tmp_path / "whole.pt", "same"))
    killed = few_shot(units)
    killed.settings["training"]["epochs"] = 2
    killed.fit(Checkpoint(tmp_path / "killed.pt", "same"))
    resumed = few_shot(units)
    resumed.fit(Checkpoint(tmp_path / "killed.pt", "same"))
    assert resumed.history == whole.history
    for name, value in whole.network.state_dict().items():
        assert torch.equal(resumed.network.state_dict()[name], value)


def test_an_omniglot_network_with_nothing_to_train_stays_as_it_is():
    training = few_shot(units_of("none", ["conv4"], "deterministic"))
    before = [parameter.clone() for parameter in training.network.parameters()]
    training.train_epoch()
    assert all(map(torch.equal, before, training.network.parameters()))


class Flatten(torch.nn.Flatten):
    """An encoder that counts what it embeds."""

    embedded = 0

    def forward(self, drawings):
        self.embedded += len(drawings)
        return super().forward(drawings) / 28


def test_evaluation_embeds_each_drawing_once_and_in_its_place():
    data, encoder = characters(), Flatten()
    episodes = draw(1, episodes=200)
    support, query = embed_episodes(encoder, data, episodes)
    assert encoder.embedded <= 12 * 20
    direct = encoder(data.inputs(*episodes.support(3, 4))).reshape(5, 2, -1)
    torch.testing.assert_close(support[3], direct)
    torch.testing.assert_close(query[3], encoder(data.inputs(*episodes.query(3, 4))))
    losses, accuracies = evaluate_episodes(encoder, data, episodes)
    assert losses.shape == accuracies.shape == (200,)


def test_a_perfect_encoder_is_always_right():
    drawings = torch.arange(12).byte()[:, None, None, None, None].expand(12, 20, 1, 28, 28)
    data = Characters(drawings, np.array(["A"] * 12))
    episodes = draw(2)

    def encoder(inputs):
        return torch.nn.functional.one_hot((inputs[:, 0, 0, 0] * 255).round().long(), 12) * 9.0

    encoder.eval = lambda: None
    losses, accuracies = evaluate_episodes(encoder, data, episodes)
    assert accuracies.min() == 1.0
    assert losses.max() < 1e-6
