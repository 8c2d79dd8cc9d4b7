import math

import numpy as np
import pytest
import torch

from binary_activations.data.datasets import Characters, LabelledImages, load_omniglot, split
from binary_activations.data.episodes import sample_episodes
from binary_activations.errors import StudyError
from binary_activations.training.few_shot import embed_episodes, evaluate_episodes
from binary_activations.training.matching import attend, losses_and_hits


def characters(classes=12):
    drawings = torch.randint(256, (classes, 20, 1, 28, 28), generator=torch.Generator())
    return Characters(drawings.byte(), np.array([f"A{n // 4}" for n in range(classes)]))


def draw(seed, **changes):
    arguments = {"episodes": 50, "n_way": 5, "k_shot": 2, "queries": 6} | changes
    return sample_episodes(characters(), **arguments, generator=torch.Generator().manual_seed(seed))


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


def test_attention_by_hand():
    # One episode, two classes of two shots, one query at 0; support at 0, 1 and 2, 1.
    support = torch.tensor([[[[0.0], [1.0]], [[2.0], [1.0]]]])
    query = torch.tensor([[[0.0]]])
    weights = [math.exp(-(distance**2)) for distance in (0, 1, 2, 1)]
    expected = [(weights[0] + weights[1]) / sum(weights), (weights[2] + weights[3]) / sum(weights)]
    torch.testing.assert_close(attend(support, query), torch.tensor([[expected]]))


def test_attention_is_that_of_explicit_distances():
    generator = torch.Generator().manual_seed(3)
    support = torch.randn(2, 3, 2, 5, generator=generator, dtype=torch.float64)
    query = torch.randn(2, 7, 5, generator=generator, dtype=torch.float64)
    distances = torch.cdist(query, support.flatten(1, 2)).square()
    expected = torch.softmax(-distances, -1).reshape(2, 7, 3, 2).sum(-1)
    torch.testing.assert_close(attend(support, query), expected)


def test_losses_and_hits_by_hand():
    probabilities = torch.tensor([[[0.7, 0.3], [0.4, 0.6], [0.0, 1.0], [1.0, 0.0]]])
    losses, hits = losses_and_hits(probabilities, queries=2)
    expected = [-math.log(0.7), -math.log(0.4), 0.0, -math.log(1e-8)]
    torch.testing.assert_close(losses, torch.tensor([expected]), atol=1e-6, rtol=1e-6)
    assert hits.tolist() == [[1, 0, 1, 0]]


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


def test_alphabets_held_out_share_nothing_with_the_rest():
    rest, held_out = characters().hold_out_alphabets(1, torch.Generator().manual_seed(0))
    assert len(set(held_out.alphabets)) == 1
    assert not set(held_out.alphabets) & set(rest.alphabets)
    assert len(held_out.drawings) + len(rest.drawings) == 12
    with pytest.raises(StudyError, match="validation.alphabets"):
        characters().hold_out_alphabets(3, torch.Generator())


def test_rotations_are_classes_of_their_own(tmp_path):
    drawings = torch.randint(256, (3, 20, 28, 28)).byte().numpy()
    np.savez(tmp_path / "o.npz", evaluation_drawings=drawings, evaluation_alphabets=["A", "A", "B"])
    data = load_omniglot(tmp_path / "o.npz", "evaluation")
    assert data.drawings.shape == (12, 20, 1, 28, 28)
    for turns in range(4):
        rotated = np.rot90(drawings[1, 4], turns)
        assert np.array_equal(data.drawings[3 * turns + 1, 4, 0].numpy(), rotated)
    assert data.alphabets.tolist() == ["A", "A", "B"] * 4


def test_the_split_is_a_partition_decided_by_the_seed():
    images = LabelledImages(torch.zeros(50, 1, 28, 28).byte(), torch.arange(50))
    parts = [split(images, 8, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    training, held_out = parts[0]
    assert len(held_out) == 8
    assert sorted([*training.labels.tolist(), *held_out.labels.tolist()]) == list(range(50))
    assert torch.equal(held_out.labels, parts[1][1].labels)
    assert not torch.equal(held_out.labels, parts[2][1].labels)
    with pytest.raises(StudyError, match="validation_images"):
        split(images, 50, torch.Generator())


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_damaged_arrays_are_named(tmp_path, content):
    path = tmp_path / "o.npz"
    np.savez_compressed(path, evaluation_drawings=np.arange(9999), evaluation_alphabets=["A"])
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    with pytest.raises(StudyError, match=r"o.npz: not the arrays of this study"):
        load_omniglot(path, "evaluation")
