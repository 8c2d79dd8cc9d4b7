"""A scratch copy of the project, and one with a small study that was run once for real."""

import os
import shutil

import pandas as pd
import pytest
from filelock import FileLock

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
def finished(tmp_path_factory):
    """A small study on embedded data: 3 + 2 variants, run to the end, once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    project = Project(shared / "finished")
    with FileLock(shared / "finished.lock"):
        if not project.folder.exists():
            partial = Project(shared / "unfinished")
            shutil.copytree(ROOT, partial.folder, ignore=LEFT_OUT)
            partial.edit_config(shrink)
            status, output = partial.run("--cores", "2")
            assert status == 0, output
            partial.folder.rename(project.folder)
    return project


@pytest.fixture
def copy(finished, tmp_path):
    """The finished study, to be edited: results, records and modification times as they were."""
    shutil.copytree(finished.folder, tmp_path / "copy")
    return Project(tmp_path / "copy")


def pytest_terminal_summary(terminalreporter):
    """What tests/faults broke, how often, and what came of it."""
    passed = terminalreporter.stats.get("passed", [])
    faults = [
        value for report in passed for name, value in report.user_properties if name == "survived"
    ]
    if faults:
        table = pd.DataFrame(faults).groupby(["fault", "what happened"], sort=False).sum()
        columns = ["fault", "times", "what happened"]
        terminalreporter.section("faults: nothing was lost")
        terminalreporter.write_line(table.reset_index()[columns].to_markdown(index=False))
