"""Few-shot episodes: n classes, k support and some query drawings of each."""

from dataclasses import dataclass

import torch

from binary_activations.errors import StudyError


@dataclass
class Episodes:
    """Indices of the drawings of episodes.

    Attributes:
        classes: int64 [episodes, n_way], distinct within an episode.
        support_drawers: int64 [episodes, n_way, k_shot].
        query_drawers: int64 [episodes, n_way, queries], disjoint from the support of the class.
    """

    classes: torch.Tensor
    support_drawers: torch.Tensor
    query_drawers: torch.Tensor

    def __len__(self):
        return len(self.classes)

    def support(self, start, stop):
        """Returns class and drawer of the support sets of episodes [start, stop), each int64
        [episodes, n_way, k_shot]."""
        drawers = self.support_drawers[start:stop]
        return self.classes[start:stop, :, None].expand_as(drawers), drawers

    def query(self, start, stop):
        """Returns class and drawer of the query sets of episodes [start, stop), each int64
        [episodes, n_way, queries]."""
        drawers = self.query_drawers[start:stop]
        return self.classes[start:stop, :, None].expand_as(drawers), drawers


def sample_episodes(characters, episodes, n_way, k_shot, queries, generator):
    """Draws episodes: classes without replacement, and for each class its own drawings.

    Args:
        characters: a `datasets.Characters`.
        episodes: how many.
        n_way: classes an episode.
        k_shot: support drawings a class.
        queries: query drawings a class.
        generator: a CPU generator; the same state gives the same episodes on every device.

    Returns:
        `Episodes` on the drawings' device.

    Raises:
        StudyError: where there are fewer classes than `n_way`, or fewer drawings than needed.
    """
    classes, drawers = characters.drawings.shape[:2]
    if n_way > classes:
        raise StudyError(f"n_way: {n_way} classes asked of {classes}")
    if k_shot + queries > drawers:
        raise StudyError(f"k_shot + queries: {k_shot} + {queries} asked of {drawers} drawings")
    chosen = torch.rand(episodes, classes, generator=generator).topk(n_way, dim=1).indices
    order = torch.rand(episodes, n_way, drawers, generator=generator).argsort(dim=2)
    device = characters.drawings.device
    return Episodes(
        chosen.to(device),
        order[:, :, :k_shot].to(device),
        order[:, :, k_shot : k_shot + queries].to(device),
    )
