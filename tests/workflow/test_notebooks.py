"""Notebooks outside a checkout."""

import json
import subprocess
import sys

import pytest

from projects import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("dataset", ["mnist", "omniglot"])
def test_a_notebook_in_an_empty_folder_gets_the_code_and_trains_what_it_shows(tmp_path, dataset):
    project = tmp_path / "project"
    ignored = ("-c", "safe.directory=*")  # a checkout of another user, as in a container
    subprocess.run(["git", *ignored, "clone", "-q", ROOT, project], check=True)
    folder = tmp_path / "empty"
    folder.mkdir()
    notebook = ROOT / "workflow" / "notebooks" / f"{dataset}.ipynb"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "papermill", notebook, folder / "executed.ipynb"),
            *("-p", "project", str(project), "--no-progress-bar"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert run.returncode == 0, run.stderr
    assert {path.name for path in folder.iterdir()} == {"binary-activations", "executed.ipynb"}
    cells = json.loads((folder / "executed.ipynb").read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert not any(output["output_type"] == "error" for output in outputs)
    assert sum("image/png" in output.get("data", {}) for output in outputs) > 5
