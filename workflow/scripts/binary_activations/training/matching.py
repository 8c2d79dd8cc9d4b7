"""The matching network's prediction. Vinyals et al. 2016, arXiv:1606.04080, section 2.1."""

import torch

PROBABILITY_MARGIN = 1e-8


def attend(support, queries):
    """Computes the label probabilities of queries: attention summed by label (eq. 1).

    The attention is the softmax, over the support set, of minus the squared Euclidean distance
    between embeddings.

    Args:
        support: embeddings [episodes, n_way, k_shot, features].
        queries: embeddings [episodes, queries, features].

    Returns:
        Probabilities [episodes, queries, n_way].
    """
    episodes, n_way, k_shot, features = support.shape
    support = support.reshape(episodes, n_way * k_shot, features)
    products = queries @ support.mT
    # ||q - s||^2 without ||q||^2, which is the same for every s and leaves the softmax as it is.
    attention = (2.0 * products - support.square().sum(-1)[:, None, :]).softmax(dim=-1)
    return attention.reshape(episodes, -1, n_way, k_shot).sum(-1)


def losses_and_hits(probabilities, queries):
    """Computes each query's negative log likelihood, and whether its likeliest label is right.

    Args:
        probabilities: as `attend` returns them, for `queries` drawings of each class in the
            order of the classes: [episodes, n_way * queries, n_way].
        queries: query drawings a class.

    Returns:
        Losses and hits (0 or 1), each float [episodes, n_way * queries]. Probabilities are
        clamped to [1e-8, 1 - 1e-8] for the loss.
    """
    n_way = probabilities.shape[-1]
    labels = torch.arange(n_way, device=probabilities.device).repeat_interleave(queries)
    by_class = probabilities.unflatten(-2, (n_way, queries))
    likelihood = by_class.diagonal(dim1=-3, dim2=-1).transpose(-2, -1).flatten(-2)
    losses = -likelihood.clamp(PROBABILITY_MARGIN, 1.0 - PROBABILITY_MARGIN).log()
    hits = probabilities.argmax(-1).eq(labels)
    return losses, hits.float()
