"""The picture of an episode."""

import numpy as np
from matplotlib.colors import to_rgba

from binary_activations.figures.episodes import episode_figure
from binary_activations.figures.style import COLOURS

SHOWN = {"title": "MNIST", "origin": "official", "variant": "a"}


def test_an_episode_frames_each_querys_own_class():
    attention = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6]])
    drawings = np.zeros((4, 28, 28))
    figure = episode_figure(drawings.reshape(2, 2, 28, 28), drawings, attention, SHOWN)
    axis = figure.axes[0]
    # Cells are 1 wide and high; the support set's row is row 0, the queries' column is column 0.
    framed = [tuple(round(place + 0.46) for place in patch.get_xy()) for patch in axis.patches]
    assert framed == [(1, 1), (1, 2), (2, 3), (2, 4)]
    colours = [patch.get_edgecolor() for patch in axis.patches]
    assert colours[0] == colours[2] == colours[3] == to_rgba(COLOURS[2])
    wrong = episode_figure(drawings.reshape(2, 2, 28, 28), drawings, 1 - attention, SHOWN)
    assert wrong.axes[0].patches[0].get_edgecolor() == to_rgba(COLOURS[1])
    texts = {text.get_position(): text.get_text() for text in axis.texts}
    assert texts[1, 1] == "90 %"
    assert texts[2, 4] == "60 %"
