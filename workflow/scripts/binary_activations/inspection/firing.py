"""How often the units of a trained network fire, from their probabilities."""

import math

import pandas as pd
import torch

from binary_activations.networks.activations import BinaryActivation, ReLU, hard_sigmoid
from binary_activations.networks.convolutional import EVALUATION_BATCH

STATES = ("silent", "saturated")
COLUMNS = [
    *("layer", "units", "mean"),
    *(f"{state}{where}" for state in STATES for where in ("", "_channels", "_border")),
]


@torch.inference_mode()
def firing_table(network, drawings):
    """Counts the units that fire on no drawing, and those that fire on every one.

    A stochastic unit is counted where its probability p is 0, or 1, on all drawings. Sampled states
    would not do: a unit that a margin keeps off 0 fires now and then. Where the layer below is
    stochastic, p is that of one sample of its states. A deterministic unit is counted by its state,
    and a unit that is not binary where its activation is clipped, at 0 or at 1.

    Args:
        network: a trained `convolutional.ConvolutionalNetwork`; put into evaluation mode.
        drawings: its inputs, [drawings, 1, 28, 28].

    Returns:
        A data frame, a row per binary layer, or per layer where none is binary: `layer`, `units`,
        and in percent `mean`, the mean firing probability (empty where the layer is not binary),
        `silent` and `saturated`. Of these, `silent_channels` (likewise `saturated_`) are units of
        whole channels, and `silent_border` the others that lie in an outermost row or column.
    """
    network.eval()
    lowest, highest, totals = {}, {}, {}

    def record(name):
        def hook(unit, inputs, output):
            firing, p = _firing(unit, inputs[0], output)
            low, high = firing.amin(0), firing.amax(0)
            lowest[name] = torch.minimum(lowest.get(name, low), low)
            highest[name] = torch.maximum(highest.get(name, high), high)
            totals[name] = totals.get(name, 0.0) + p.sum(0, dtype=torch.float64)

        unit = network.binary_layers.get(name, network.layers[name][-1])
        return unit.register_forward_hook(hook)

    names = list(network.binary_layers) or network.layer_names
    hooks = [record(name) for name in names]
    for batch in drawings.split(EVALUATION_BATCH):
        network(batch)
    for hook in hooks:
        hook.remove()
    rows = []
    for name in names:
        binary = name in network.binary_layers
        mean = 100 * (totals[name] / len(drawings)).mean().item() if binary else math.nan
        silent, saturated = highest[name] <= 0, lowest[name] >= 1
        rows.append([name, silent.numel(), mean, *_shares(silent), *_shares(saturated)])
    return pd.DataFrame(rows, columns=COLUMNS)


def _firing(unit, z, output):
    """Returns what tells whether units fire, from 0 (never) to 1 (always), and p."""
    if isinstance(unit, ReLU):  # clipped at 0 alone
        return 0.5 * (output > 0), output
    if not isinstance(unit, BinaryActivation):
        return output, output
    p = unit.probabilities(z)
    if unit.mode == "deterministic":
        return (p > 0.5).to(p), (p > 0.5).to(p)
    return hard_sigmoid(z, unit.slope), p


def _shares(counted):
    """Returns the percentages of units, [channels, height, width], that are counted: all; those of
    whole channels; and others at the border."""
    channels = counted.all((1, 2), keepdim=True)
    inner = torch.zeros_like(counted)
    inner[:, 1:-1, 1:-1] = True
    border = counted & ~channels & ~inner
    parts = counted, channels.expand_as(counted), border
    return [100 * part.double().mean().item() for part in parts]
