"""Rows below the names of their groups."""

from matplotlib.figure import Figure

from binary_activations.figures.rows import (
    label_rows,
    ordered_variants,
    rows_height,
    variant_rows,
)
from samples.results import settings


def test_rows_stand_below_the_name_of_their_group():
    axis = Figure().subplots()
    heights = label_rows(axis, [("alone", ["alone"]), ("group", ["one", "other"])])
    labels = {tick.get_text(): tick for tick in axis.get_yticklabels()}
    assert list(labels) == ["alone", "group", "one", "other"]
    assert [tick.get_fontweight() for tick in labels.values()] == ["normal", "bold"] + [
        "normal"
    ] * 2
    places = dict(zip(labels, axis.get_yticks(), strict=True))
    assert heights == [places["alone"], places["one"], places["other"]]
    assert heights == sorted(heights)
    bottom, top = axis.get_ylim()
    assert bottom > heights[-1] > heights[0] > top


def test_a_long_name_has_several_lines_and_room_for_them():
    long = "stochastic, straight-through, 50 % of channels in 2 groups"
    axis = Figure().subplots()
    (below,) = label_rows(axis, [(long, ["one"])])
    name = axis.get_yticklabels()[0].get_text()
    assert name.split("\n") == ["stochastic, straight-through, 50 % of", "channels in 2 groups"]
    assert (axis.get_yticks()[0], below) == (0.5, 2.0)
    assert rows_height([(long, ["one"])], 1.0) == rows_height([("short", ["one", "two"])], 1.0)


def test_variants_are_labelled_by_their_binary_layers():
    parts = variant_rows(settings())
    assert parts == [
        ("no binary layer", ["no binary layer"]),
        ("stochastic, straight-through", ["conv1", "conv2"]),
        ("deterministic, local expectation", ["conv1"]),
    ]
    assert [row["name"] for row in ordered_variants(settings())] == ["plain", "a", "b", "c"]


def test_groups_of_one_row_and_the_same_layers_are_rows_below_those_layers():
    few = settings()
    few["variants"] = [row for row in few["variants"] if row["layers"] in ([], ["conv1"])]
    assert variant_rows(few) == [
        ("no binary layer", ["no binary layer"]),
        ("conv1", ["stochastic, straight-through", "deterministic, local expectation"]),
    ]
    few["variants"] = few["variants"][:2]
    assert variant_rows(few)[1] == ("stochastic, straight-through", ["conv1"])
