"""The figure of errors."""

import itertools
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


def test_titles_of_panels_do_not_meet():
    long = {"network": "1 convolutional layer of half-binary units, stride 2"}
    units = (["conv1", "conv2"], "deterministic", "straight_through")
    variants = [variant(name, *units, **long, channels=[8, 8]) for name in "abcde"]
    metrics = pd.DataFrame(
        {"variant": list("abcde"), "confusion": [np.ones((10, 10), int).tolist()] * 5}
    )
    figure = confusion_figure(metrics, {"title": "MNIST", "variants": variants})
    figure.draw_without_rendering()
    boxes = [axis.title.get_window_extent() for axis in figure.axes[:5]]
    assert len({round(box.y0) for box in boxes}) == 1
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))
