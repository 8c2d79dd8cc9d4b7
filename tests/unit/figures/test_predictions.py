"""The picture of predictions."""

import torch

from binary_activations.figures.predictions import predictions_figure


def test_predictions_say_what_is_right():
    probabilities = torch.tensor([[0.9, 0.1], [0.75, 0.25]]).numpy()
    figure = predictions_figure(torch.zeros(2, 28, 28).numpy(), probabilities, [0, 1], "some")
    assert [axis.get_xlabel() for axis in figure.axes] == ["0: 90 %", "0: 75 %\n(is 1)"]
    colours = {axis.xaxis.label.get_color() for axis in figure.axes}
    assert len(colours) == 2
