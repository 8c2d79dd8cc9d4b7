"""The style of figures."""

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from binary_activations.figures.style import STYLE, bare, picture, styled


def test_a_figure_is_drawn_in_the_style_and_leaves_none_behind():
    before = mpl.rcParams["font.size"]

    @styled
    def draw(title):
        assert mpl.rcParams["font.size"] == STYLE["font.size"]
        return picture(2.0, 1.0, title)

    figure, axis = draw("one")
    assert isinstance(figure, Figure)
    assert mpl.rcParams["font.size"] == before
    box, size = axis.get_position(), figure.get_size_inches()
    assert (box.width * size[0], box.height * size[1]) == pytest.approx((2.0, 1.0))


def test_a_bare_axis_has_nothing_but_what_is_drawn():
    axis = Figure().add_subplot()
    bare(axis)
    assert not axis.get_xticks().size
    assert not axis.get_yticks().size
    assert not any(spine.get_visible() for spine in axis.spines.values())
