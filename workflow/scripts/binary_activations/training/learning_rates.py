"""Schedules of the learning rate: by what the rates are multiplied, epoch by epoch."""

import math


def rate_factor(training, epoch):
    """Returns what every learning rate is multiplied by in an epoch.

    Args:
        training: the settings of a training, of which three count: `epochs`; `warm_up_epochs`, in
            which the factor rises in equal steps, to 1 in the next epoch (Goyal et al. 2017,
            arXiv:1706.02677, section 2.2); and `learning_rate_schedule`, of the epochs from then
            on: `constant`, or `cosine`, which falls from 1 towards 0 after the last epoch
            (Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5).
        epoch: counted from 0.

    Returns:
        A number from 0 to 1.
    """
    warm_up = training["warm_up_epochs"]
    if epoch < warm_up:
        return (epoch + 1) / (warm_up + 1)
    if training["learning_rate_schedule"] == "constant":
        return 1.0
    done = (epoch - warm_up) / (training["epochs"] - warm_up)
    return 0.5 * (1.0 + math.cos(math.pi * done))
