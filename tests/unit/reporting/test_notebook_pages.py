"""Notebooks as pages."""

from binary_activations.reporting.notebook_pages import notebook_page
from samples.notebooks import CELLS, notebook


def test_a_page_is_the_same_whatever_the_cells_are_called():
    first = notebook_page(notebook(CELLS), "a <b>")
    other = notebook_page(notebook([cell | {"id": cell["id"] * 8} for cell in CELLS]), "a <b>")
    assert first == other
    assert "<title>a &lt;b&gt;</title>" in first
    assert "<h1" in first
