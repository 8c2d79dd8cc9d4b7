"""The Omniglot task: one epoch of training on episodes, and evaluation."""

import torch
from torch.nn.utils import clip_grad_norm_

from binary_activations.data.episodes import sample_episodes
from binary_activations.estimators.score_functions import backpropagate
from binary_activations.training.matching import attend, losses_and_hits
from binary_activations.training.steps import run_steps

BATCH = 500


def omniglot_epoch(network, optimiser, characters, settings, order, score_function):
    """Train for one epoch of episodes drawn anew.

    The states of every drawing of an episode bear on the loss of all its queries, so the score
    function takes the episode as one sample.

    Args:
        network: drawings to embeddings.
        optimiser: steps once an episode; the gradient's norm is clipped, that of the layers
            which a score function trains on its own.
        characters: a `datasets.Characters`.
        settings: `episodes_per_epoch`, `n_way`, `k_shot`, `queries`, `gradient_norm`.
        order: a CPU generator.
        score_function: a `score_functions.ScoreFunction`, where the network has `reinforce`
            layers, else None.

    Returns:
        The epoch's mean loss and accuracy (0 to 1) over the queries as they were trained on.
    """
    network.train()
    count, n_way, k_shot, queries = (
        settings[key] for key in ("episodes_per_epoch", "n_way", "k_shot", "queries")
    )
    totals = torch.zeros(2, dtype=torch.float64, device=characters.drawings.device)

    def step(classes, drawers):
        def predict(embeddings):
            support, query = embeddings.split([n_way * k_shot, n_way * queries])
            probabilities = attend(support.reshape(1, n_way, k_shot, -1), query.unsqueeze(0))
            return losses_and_hits(probabilities, queries)

        def criterion(embeddings):
            return predict(embeddings)[0].mean(1)

        embeddings = network(characters.inputs(classes, drawers))
        losses, hits = predict(embeddings)
        loss = losses.mean(1)
        estimates = score_function.gradients(network, loss, criterion) if score_function else []
        optimiser.zero_grad()
        if backpropagate(loss.mean(), estimates):
            for group in optimiser.groups:
                clip_grad_norm_(group["params"], settings["gradient_norm"])
            optimiser.step()
        totals[0] += loss.detach()[0]
        totals[1] += hits.mean()

    episodes = sample_episodes(characters, count, n_way, k_shot, queries, order)
    sets = zip(episodes.support(0, count), episodes.query(0, count), strict=True)
    classes, drawers = (torch.cat([part.flatten(1) for part in pair], dim=1) for pair in sets)
    run_steps(step, list(zip(classes, drawers, strict=True)), network.generator)
    return (totals / count).tolist()


@torch.inference_mode()
def embed_episodes(network, characters, episodes):
    """Embed each drawing of the episodes, once however many episodes it is in.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        characters: a `datasets.Characters`.
        episodes: an `episodes.Episodes` of them.

    Returns:
        Support embeddings [episodes, n_way, k_shot, features] and query embeddings
        [episodes, n_way * queries, features].
    """
    network.eval()
    drawers = characters.drawings.shape[1]
    codes = []
    for classes, drawer in (episodes.support(0, None), episodes.query(0, None)):
        codes.append(classes * drawers + drawer)
    unique, positions = torch.cat([code.flatten() for code in codes]).unique(return_inverse=True)
    batches = [
        network(characters.inputs(batch // drawers, batch % drawers))
        for batch in unique.split(BATCH)
    ]
    embeddings = torch.cat(batches)[positions]
    support, query = embeddings.split([codes[0].numel(), codes[1].numel()])
    features = embeddings.shape[1]
    return (
        support.reshape(*codes[0].shape, features),
        query.reshape(len(episodes), -1, features),
    )


@torch.inference_mode()
def evaluate_episodes(network, characters, episodes):
    """Evaluate a matching network on episodes; stochastic layers draw one sample a drawing.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        characters: a `datasets.Characters`.
        episodes: an `episodes.Episodes` of them.

    Returns:
        Losses and accuracies, each the mean over an episode's queries: float64 [episodes].
    """
    support, query = embed_episodes(network, characters, episodes)
    probabilities = attend(support, query)
    losses, hits = losses_and_hits(probabilities, episodes.query_drawers.shape[2])
    return losses.double().mean(1), hits.double().mean(1)


@torch.inference_mode()
def evaluate_runs(network, support, queries):
    """Test a matching network on the runs; stochastic layers draw one sample a drawing.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        support: as `one_shot_runs.load_runs` returns them.
        queries: likewise.

    Returns:
        Losses and accuracies, each the mean over a run's queries: float64 [runs].
    """
    network.eval()
    embeddings = []
    for drawings in (support, queries):
        inputs = drawings.flatten(0, 1).float().div_(255.0)
        parts = [network(part) for part in inputs.split(BATCH)]
        embeddings.append(torch.cat(parts).unflatten(0, drawings.shape[:2]))
    probabilities = attend(embeddings[0].unsqueeze(2), embeddings[1])
    losses, hits = losses_and_hits(probabilities, 1)
    return losses.double().mean(1), hits.double().mean(1)
