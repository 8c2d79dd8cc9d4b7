"""Intervals of 95 %, over seeds and over episodes."""

import math

import numpy as np
from scipy.special import stdtrit


def episodes_interval(values):
    """Computes the half-width of a mean's 95 % interval over episodes, of [seeds, episodes]."""
    errors = np.std(values, axis=1, ddof=1) / math.sqrt(np.shape(values)[1])
    return 1.96 * math.hypot(*errors) / len(errors)


def t_interval(values):
    """Computes the half-width of a mean's 95 % interval by Student's t; NaN for one value."""
    if len(values) < 2:
        return math.nan
    return stdtrit(len(values) - 1, 0.975) * np.std(values, ddof=1) / math.sqrt(len(values))
