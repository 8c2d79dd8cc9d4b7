"""The figure of errors."""

import math

import numpy as np
import pandas as pd
import pytest

from binary_activations.figures.confusion import confusion_figure
from samples.results import variant


def test_errors_are_shares_of_a_digits_images_over_all_seeds():
    one, other = np.diag([8] * 10), np.diag([8] * 10)
    one[4, 9] = 2
    one[4, 4] = 6
    metrics = pd.DataFrame({"variant": ["a", "a"], "confusion": [one.tolist(), other.tolist()]})
    figure = confusion_figure(metrics, {"title": "MNIST", "variants": [variant("a")]})
    shares = figure.axes[0].images[0].get_array()
    assert shares[4, 9] == pytest.approx(100 * 2 / 16)
    assert shares[3, 9] == 0
    assert math.isnan(np.asarray(shares)[4, 4]) or np.ma.getmaskarray(shares)[4, 4]
