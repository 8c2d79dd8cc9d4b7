"""Loss and accuracy of a network, without gradients."""

import torch
import torch.nn.functional as F

from binary_activations.matching import attend, losses_and_hits

BATCH = 500


@torch.inference_mode()
def evaluate_classifier(network, images):
    """Evaluate the MNIST network; stochastic layers draw one sample an image.

    Args:
        network: drawings to logits; put into evaluation mode.
        images: a `datasets.LabelledImages`.

    Returns:
        `loss`, the mean negative log likelihood in nats; `accuracy`, from 0 to 1; `images`,
        how many there were.
    """
    network.eval()
    totals = torch.zeros(2, dtype=torch.float64, device=images.labels.device)
    for start in range(0, len(images), BATCH):
        batch = slice(start, start + BATCH)
        labels = images.labels[batch]
        logits = network(images.inputs(batch))
        totals[0] += F.cross_entropy(logits, labels, reduction="sum")
        totals[1] += (logits.argmax(1) == labels).sum()
    loss, accuracy = (totals / len(images)).tolist()
    return {"loss": loss, "accuracy": accuracy, "images": len(images)}


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
