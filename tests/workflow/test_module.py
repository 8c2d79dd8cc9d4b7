"""The workflow as a module of another one, and from the place where the catalogue looks."""

import numpy as np
import pytest

from projects import Project

USER = """\
configfile: "{study}/config/config.yaml"
configfile: "{study}/config/archives.yaml"
configfile: "{study}/config/demo.yaml"


module study:
    snakefile: "{study}/workflow/Snakefile"
    config: config


use rule * from study as study_*


rule mine:
    input: "results/demo/tables/mnist.md"
    output: "mine.txt"
    message: "Count lines"
    shell: "wc -l {{input}} > {{output}}"
"""


def test_the_catalogues_entry_plans_the_same_jobs(new_project):
    project = new_project()
    demo = ["--configfile", "config/demo.yaml"]
    assert project.planned("--snakefile", "workflow/Snakefile", *demo) == project.planned(*demo)


@pytest.mark.slow
def test_another_workflow_uses_this_one_as_a_module(new_project, tmp_path):
    study = new_project()
    user = Project(tmp_path / "user")
    user.folder.mkdir()
    user.path("Snakefile").write_text(USER.format(study=study.folder))
    planned = user.planned("mine.txt")
    assert planned[0] == "Count lines"
    assert sum(job.startswith("Train MNIST") for job in planned) == 13
    status, output = user.run("--cores", "1", "resources/embedded/mnist.npz")
    assert status == 0, output
    with np.load(user.path("resources/embedded/mnist.npz")) as arrays:
        assert arrays["train_images"].shape[1:] == (28, 28)
