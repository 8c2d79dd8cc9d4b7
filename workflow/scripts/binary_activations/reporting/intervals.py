"""Intervals of 95 %, over seeds and over episodes."""

import math

import numpy as np
from scipy.special import stdtrit


def episodes_interval(values):
    """Half-width of the 95 % interval of the mean of values [seeds, episodes], over episodes."""
    errors = np.std(values, axis=1, ddof=1) / math.sqrt(np.shape(values)[1])
    return 1.96 * math.hypot(*errors) / len(errors)


def t_interval(values):
    """Half-width of the 95 % interval of a mean by Student's t; not a number for one value."""
    if len(values) < 2:
        return math.nan
    return stdtrit(len(values) - 1, 0.975) * np.std(values, ddof=1) / math.sqrt(len(values))


def prediction_interval(values):
    """Half-width of the 95 % interval of one more value like these, by Student's t."""
    return t_interval(values) * math.sqrt(len(values) + 1)
