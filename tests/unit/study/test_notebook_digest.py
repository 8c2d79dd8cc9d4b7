"""What decides that a notebook is run again."""

from binary_activations.study.notebook_digest import notebook_digest
from samples.notebooks import CELLS, notebook


def test_a_notebooks_text_and_code_decide_what_it_shows(tmp_path):
    path = tmp_path / "one.ipynb"
    digests = []
    for cells in (CELLS, CELLS, CELLS[1:], [CELLS[0] | {"source": ["# Other"]}, CELLS[1]]):
        path.write_text(notebook(cells))
        digests.append(notebook_digest(path))
    assert digests[0] == digests[1]
    assert len({tuple(digest) for digest in digests}) == 3
