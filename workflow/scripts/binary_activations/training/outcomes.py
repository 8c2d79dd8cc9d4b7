"""What a network that classifies makes of each image."""

import torch
import torch.nn.functional as F

from binary_activations.data.datasets import normalised
from binary_activations.networks.convolutional import EVALUATION_BATCH


@torch.inference_mode()
def outcomes(network, images, samples=1):
    """Computes the loss and the predicted class of each image.

    Args:
        network: drawings to logits; put into evaluation mode.
        images: a `datasets.LabelledImages`.
        samples: passes of stochastic layers, whose probabilities of the classes are averaged.

    Returns:
        Negative log likelihoods in nats, float64 [images], and classes, int64 [images].
    """
    network.eval()
    losses, classes = [], []
    for start in range(0, len(images), EVALUATION_BATCH):
        batch = images.subset(slice(start, start + EVALUATION_BATCH))
        inputs = normalised(batch.images)
        passes = torch.stack([network(inputs).double().log_softmax(1) for _ in range(samples)])
        scores = passes.logsumexp(0)  # the mean's logarithm, but for a constant
        losses.append(F.cross_entropy(scores, batch.labels, reduction="none"))
        classes.append(scores.argmax(1))
    return torch.cat(losses), torch.cat(classes)
