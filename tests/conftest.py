"""A scratch copy of the project, and one with a small study that was run once for real."""

import shutil

import pytest

from projects import LEFT_OUT, ROOT, Project, shrink


@pytest.fixture(scope="session")
def new_project(tmp_path_factory):
    """Makes copies of the project as it stands, with no results."""

    def make():
        folder = tmp_path_factory.mktemp("project") / "study"
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        return Project(folder)

    return make


@pytest.fixture(scope="session")
def finished(new_project):
    """A small study on embedded data: 3 + 2 variants, run to the end."""
    project = new_project()
    project.edit_config(shrink)
    status, output = project.run("--cores", "2")
    assert status == 0, output
    return project


@pytest.fixture
def copy(finished, tmp_path):
    """The finished study, to be edited: results, records and modification times as they were."""
    shutil.copytree(finished.folder, tmp_path / "copy")
    return Project(tmp_path / "copy")
