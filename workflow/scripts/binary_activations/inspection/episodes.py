"""Single episodes, to be shown."""

import torch

from binary_activations.data.episodes import sample_episodes
from binary_activations.training.few_shot import embed_episodes
from binary_activations.training.matching import attend


@torch.inference_mode()
def one_episode(network, characters, n_way, k_shot, generator):
    """Draws an episode with one query per class, and lets a matching network attend to it.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        characters: a `datasets.Characters`.
        n_way: classes.
        k_shot: support drawings a class.
        generator: a CPU generator, which decides the episode.

    Returns:
        `support`, `queries` and `attention`, as `episode_figure` takes them.

    Raises:
        StudyError: where there are fewer classes or drawings than asked.
    """
    episode = sample_episodes(characters, 1, n_way, k_shot, 1, generator)
    attention = attend(*embed_episodes(network, characters, episode))[0]
    support, queries = (
        characters.inputs(*drawn)[:, 0] for drawn in (episode.support(0, 1), episode.query(0, 1))
    )
    return support.unflatten(0, (n_way, k_shot)).numpy(), queries.numpy(), attention.numpy()
