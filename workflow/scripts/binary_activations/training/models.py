"""Trained models, run again."""

import torch

from binary_activations.errors import StudyError
from binary_activations.networks.convolutional import NETWORKS
from binary_activations.training.tensor_files import DAMAGED, load


def load_model(path, device):
    """Loads a trained network, at the slope that its weights were saved under.

    Returns:
        The network in evaluation mode. Where it has stochastic units, give it a generator.

    Raises:
        StudyError: where the file is not a model of this study.
    """
    try:
        model = load(path)
        network = NETWORKS[model["dataset"]](model["units"]).to(device)
        network.load_state_dict(model["network"])
        network.set_slope(model["slope"])
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error.strerror})") from error
    except DAMAGED as error:
        raise StudyError(f"{path}: not a model of this study; delete it and run again") from error
    return network.to(memory_format=torch.channels_last).eval()
