"""The test on the original one-shot task."""

import torch

from binary_activations.networks.convolutional import EVALUATION_BATCH
from binary_activations.training.matching import attend, losses_and_hits


@torch.inference_mode()
def evaluate_runs(network, support, queries):
    """Tests a matching network on the runs; stochastic layers draw one sample a drawing.

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
        parts = [network(part) for part in inputs.split(EVALUATION_BATCH)]
        embeddings.append(torch.cat(parts).unflatten(0, drawings.shape[:2]))
    probabilities = attend(embeddings[0].unsqueeze(2), embeddings[1])
    losses, hits = losses_and_hits(probabilities, 1)
    return losses.double().mean(1), hits.double().mean(1)
