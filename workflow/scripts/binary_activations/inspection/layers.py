"""What the layers of a trained network do: their filters, activations and firing rates."""

import math
from dataclasses import dataclass

import pandas as pd
import torch

from binary_activations.networks.convolutional import EVALUATION_BATCH


@dataclass
class LayerSummary:
    """What is known of one layer after many drawings.

    Attributes:
        excitations: mean activation of each filter on each drawing, [drawings, channels].
        rates: mean activation of each unit over the drawings, [channels, height, width]; for
            binary units, how often each fires.
    """

    excitations: torch.Tensor
    rates: torch.Tensor


@torch.inference_mode()
def summarise_layers(network, drawings, generator):
    """Passes drawings through a network; stochastic layers draw one sample a drawing.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`; put into evaluation mode.
        drawings: its inputs, [drawings, 1, 28, 28].
        generator: where stochastic layers draw from.

    Returns:
        By layer, a `LayerSummary`.
    """
    network.eval()
    network.set_generator(generator)
    excitations = {name: [] for name in network.layer_names}
    totals = dict.fromkeys(network.layer_names, 0.0)
    for batch in drawings.split(EVALUATION_BATCH):
        for name, activations in network.layer_activations(batch).items():
            excitations[name].append(activations.mean((2, 3)))
            totals[name] = totals[name] + activations.sum(0, dtype=torch.float64)
    return {
        name: LayerSummary(torch.cat(excitations[name]), totals[name] / len(drawings))
        for name in network.layer_names
    }


def most_exciting(summary, drawings, count):
    """Returns the drawings that excite each filter most, strongest first.

    Args:
        summary: a `LayerSummary` of the drawings.
        drawings: [drawings, 1, height, width].
        count: drawings a filter.

    Returns:
        float32 [count, channels, height, width]; not a number where fewer excite it at all.
    """
    order = summary.excitations.argsort(dim=0, descending=True, stable=True)[:count]
    excited = summary.excitations.gather(0, order) > 0
    return drawings[order, 0].where(excited[:, :, None, None], math.nan)


def firing_rates(network, summaries):
    """Counts how often the units of each binary layer fire.

    Args:
        network: the network that was summarised.
        summaries: as `summarise_layers` returns them.

    Returns:
        A data frame, a row per binary layer: `layer`, `units`, and in percent `mean`, the mean
        firing rate, `dead`, the units that never fire, and `saturated`, those that always do.
    """
    rows = []
    for name in network.binary_layers:
        rates = summaries[name].rates
        shares = [rates.mean(), (rates == 0).double().mean(), (rates == 1).double().mean()]
        rows.append([name, rates.numel(), *(100 * share.item() for share in shares)])
    return pd.DataFrame(rows, columns=["layer", "units", "mean", "dead", "saturated"])
