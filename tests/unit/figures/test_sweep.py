"""The figure of a sweep."""

from binary_activations.figures.sweep import sweep_figure
from binary_activations.reporting.sweep import read_sweep
from samples.sweeps import SETTINGS, write_histories


def test_a_line_for_each_variant_and_a_ring_around_its_choice(tmp_path):
    write_histories(tmp_path)
    (axis,) = sweep_figure(read_sweep(SETTINGS, tmp_path), SETTINGS).axes
    assert axis.get_xscale() == "log"
    assert [label.get_text() for label in axis.get_xticklabels()] == ["0.01", "0.03", "0.1"]
    lines = [line for line in axis.lines if line.get_linestyle() == "-"]
    assert [list(line.get_xdata()) for line in lines] == 2 * [[0.01, 0.03, 0.1]]
    assert [list(line.get_ydata()) for line in lines] == 2 * [[90.5, 96.0, 94.75]]
    rings = [line for line in axis.lines if line.get_markerfacecolor() == "none"]
    assert [(*line.get_xdata(), *line.get_ydata()) for line in rings] == 2 * [(0.03, 96.0)]
    assert len({line.get_color() for line in lines}) == 2
