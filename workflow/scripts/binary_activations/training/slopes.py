"""Slope annealing: the slope a of hard_sigmoid(a z), epoch by epoch.

Chung, Ahn & Bengio 2017, "Hierarchical multiscale recurrent neural networks",
arXiv:1609.01704, section 3.3.
"""

import math


def slope_at(slope, epoch):
    """Returns the slope in an epoch.

    Args:
        slope: a mapping with `schedule` and that schedule's values:
            `constant`: a = 1;
            `geometric`: a = min(maximum, rate ** epoch), with `rate` and `maximum`;
            `linear`: a = min(maximum, 1 + step * epoch), with `step` and `maximum`.
        epoch: counted from 0.

    Returns:
        The slope, a float >= 1.

    Raises:
        ValueError: for a schedule that is none of these.
    """
    match slope["schedule"]:
        case "constant":
            return 1.0
        case "geometric":
            rate, maximum = float(slope["rate"]), float(slope["maximum"])
            # The power overflows in epochs long after it passed the maximum.
            past = epoch * math.log(rate) > math.log(maximum) + 1.0
            return maximum if past else min(maximum, rate**epoch)
        case "linear":
            return min(float(slope["maximum"]), 1.0 + slope["step"] * epoch)
        case other:
            raise ValueError(f"slope schedule {other!r}: use constant, geometric or linear")
