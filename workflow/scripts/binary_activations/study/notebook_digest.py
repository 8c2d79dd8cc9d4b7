"""Digests of notebooks: the key to their staleness."""

import json
import tempfile
from pathlib import Path

from binary_activations.files import file_digest
from binary_activations.study.code_digest import code_digest


def notebook_digest(path):
    """Returns the digest of a notebook's file and the `code_digest` of its code cells.

    The code cells count as one program.

    Raises:
        SyntaxError: where they are not valid Python.
    """
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, Path(path).with_suffix(".py").name)
        program.write_text(source, encoding="utf-8")
        return [file_digest(path, "sha256"), code_digest(program)]
