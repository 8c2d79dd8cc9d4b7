"""How well the activations of each layer tell drawings apart: by the nearest neighbour.

A drawing gets the class of the reference whose activations are nearest to its own (Cover & Hart
1967, doi:10.1109/TIT.1967.1053964). The distance is Euclidean. Between states of 0 and 1 it orders
neighbours as the Hamming distance does.
"""

import pandas as pd
import torch

from binary_activations.data.datasets import normalised
from binary_activations.networks.convolutional import EVALUATION_BATCH

INPUT = "input"
COLUMNS = ["layer", "binary", "accuracy"]
EPISODES_AT_ONCE = 50


@torch.inference_mode()
def nearest_in_classes(network, references, queries, generator):
    """Classifies images by the nearest of others.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`; put into evaluation mode.
        references, queries: `datasets.LabelledImages`.
        generator: where stochastic layers draw from, one sample an image.

    Returns:
        A data frame, a row for the input and for each layer: `layer`, whether it is `binary`,
        `accuracy` (percent).
    """
    network.eval()
    network.set_generator(generator)
    known, asked = (
        _join(
            _features(network, batch) for batch in normalised(part.images).split(EVALUATION_BATCH)
        )
        for part in (references, queries)
    )
    hits = {}
    for layer, features in asked.items():
        nearest = torch.cdist(features, known[layer]).argmin(1)
        hits[layer] = references.labels[nearest] == queries.labels
    return _table(network, hits)


@torch.inference_mode()
def nearest_in_episodes(network, characters, episodes, generator):
    """Classifies the queries of episodes by the nearest drawing of the support set.

    Args:
        network: as for `nearest_in_classes`.
        characters: a `datasets.Characters`.
        episodes: `episodes.Episodes` of them, with one query a class.
        generator: as for `nearest_in_classes`.

    Returns:
        As `nearest_in_classes`.
    """
    network.eval()
    network.set_generator(generator)
    n_way, k_shot = episodes.support_drawers.shape[1:]
    hits = []
    for start in range(0, len(episodes), EPISODES_AT_ONCE):
        part = start, min(start + EPISODES_AT_ONCE, len(episodes))
        support, queries = (
            _features(network, characters.inputs(*drawn))
            for drawn in (episodes.support(*part), episodes.query(*part))
        )
        found = {}
        for layer, features in queries.items():
            known = support[layer].unflatten(0, (-1, n_way * k_shot))
            nearest = torch.cdist(features.unflatten(0, (-1, n_way)), known).argmin(-1)
            found[layer] = (nearest // k_shot == torch.arange(n_way)).flatten()
        hits.append(found)
    return _table(network, _join(hits))


def _features(network, drawings):
    """Returns the input and each layer's activations, flat, by name."""
    activations = {INPUT: drawings} | network.layer_activations(drawings)
    return {name: values.flatten(1) for name, values in activations.items()}


def _join(parts):
    """Joins the tensors of several mappings, by name."""
    joined = {}
    for part in parts:
        for name, values in part.items():
            joined.setdefault(name, []).append(values)
    return {name: torch.cat(values) for name, values in joined.items()}


def _table(network, hits):
    rows = [
        [layer, layer in network.binary_layers, 100 * found.double().mean().item()]
        for layer, found in hits.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
