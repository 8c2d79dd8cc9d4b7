"""Attention and losses, by hand and by explicit distances."""

import math

import torch

from binary_activations.training.matching import attend, losses_and_hits


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
