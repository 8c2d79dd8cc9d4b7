"""What notebooks show of drawings of one's own, and what decides that they are run again."""

import json

import pytest
import torch

from binary_activations.data.datasets import Characters
from binary_activations.figures.predictions import predictions_figure
from binary_activations.inspection.episodes import one_episode
from binary_activations.inspection.sketches import sketch
from binary_activations.reporting.notebook_pages import notebook_page
from binary_activations.study.notebook_digest import notebook_digest

CELLS = [
    {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title"]},
    {
        **{"cell_type": "code", "id": "b", "metadata": {}, "source": ["1 + 1\n", "2"]},
        **{"execution_count": 1, "outputs": []},
    },
]


def notebook(cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_stroke_covers_as_much_as_it_is_long_and_wide():
    drawn = sketch([[(4, 10), (24, 10)]], width=2.0)
    assert drawn.shape == (1, 28, 28)
    assert drawn.dtype == torch.uint8
    assert drawn.sum() / 255 == pytest.approx(20 * 2, rel=0.1)
    assert drawn[0, 9:11, 5:23].min() > 200
    assert drawn[0, :8].max() == drawn[0, 12:].max() == 0


@pytest.mark.parametrize("stroke", [[(1, 1)], [(1, 1), (29, 1)], [(-1, 1), (2, 2)]])
def test_a_stroke_that_cannot_be_drawn_is_named(stroke):
    with pytest.raises(ValueError, match=r"stroke \[.*two points or more, from 0 to 28"):
        sketch([stroke])


def test_an_episode_goes_to_the_drawings_own_classes():
    """Each class is one value, which the network hands on."""
    drawings = torch.arange(0, 250, 25, dtype=torch.uint8).repeat_interleave(6)
    drawings = drawings.view(10, 6, 1, 1, 1).expand(-1, -1, 1, 28, 28)
    network = torch.nn.Sequential(torch.nn.AvgPool2d(28), torch.nn.Flatten())
    network.add_module("scale", torch.nn.Linear(1, 1, bias=False))
    network.scale.weight.data.fill_(1000.0)
    characters = Characters(drawings, ["a"] * 10)
    draws = torch.Generator().manual_seed(0)
    support, queries, attention = one_episode(network, characters, 3, 2, draws)
    assert support.shape == (3, 2, 28, 28)
    assert queries.shape == (3, 28, 28)
    assert (support[:, :, 0, 0] == queries[:, :1, 0]).all()
    assert attention == pytest.approx(torch.eye(3).numpy())


def test_predictions_say_what_is_right():
    probabilities = torch.tensor([[0.9, 0.1], [0.75, 0.25]]).numpy()
    figure = predictions_figure(torch.zeros(2, 28, 28).numpy(), probabilities, [0, 1], "some")
    assert [axis.get_xlabel() for axis in figure.axes] == ["0: 90 %", "0: 75 %\n(is 1)"]
    colours = {axis.xaxis.label.get_color() for axis in figure.axes}
    assert len(colours) == 2


def test_a_notebooks_text_and_code_decide_what_it_shows(tmp_path):
    path = tmp_path / "one.ipynb"
    digests = []
    for cells in (CELLS, CELLS, CELLS[1:], [CELLS[0] | {"source": ["# Other"]}, CELLS[1]]):
        path.write_text(notebook(cells))
        digests.append(notebook_digest(path))
    assert digests[0] == digests[1]
    assert len({tuple(digest) for digest in digests}) == 3


def test_a_page_is_the_same_whatever_the_cells_are_called():
    first = notebook_page(notebook(CELLS), "a <b>")
    other = notebook_page(notebook([cell | {"id": cell["id"] * 8} for cell in CELLS]), "a <b>")
    assert first == other
    assert "<title>a &lt;b&gt;</title>" in first
    assert "<h1" in first
