"""The rules suit every executor as they are."""

import sys

import pytest

REPLICATE = "results/mnist/no_binary/seed0"


@pytest.mark.parametrize(
    "executor",
    [
        ["--profile", "slurm"],
        ["--executor", "lsf", "--jobs", "9"],
        ["--executor", "cluster-generic", "--cluster-generic-submit-cmd", "bsub", "--jobs", "9"],
    ],
    ids=["slurm", "lsf", "cluster-generic"],
)
def test_every_executor_plans_the_same_jobs(new_project, executor, tmp_path, monkeypatch):
    """With an empty home folder: no profile of the user's own is needed."""
    project = new_project()
    local = project.planned()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert project.planned(*executor) == local


@pytest.mark.slow
def test_another_executor_runs_the_rules(copy, finished):
    """A submit command, as for any batch system; this one starts the job in the background."""
    names = [f"{REPLICATE}/metrics.json", "results/tables/mnist.md"]
    for name in names:
        copy.path(name).unlink()
    submit = copy.path("submit.py")
    submit.write_text(
        "import subprocess, sys\n"
        "job = subprocess.Popen(['sh', sys.argv[1]], stdout=subprocess.DEVNULL,\n"
        "                       stderr=subprocess.DEVNULL, start_new_session=True)\n"
        "print(job.pid)\n"
    )
    command = f"{sys.executable} {submit}"
    executor = ["--executor", "cluster-generic", "--cluster-generic-submit-cmd", command]
    status, output = copy.run(*executor, "--jobs", "2", "--", *names)
    assert status == 0, output
    assert "external jobid" in output
    for name in names:
        assert copy.path(name).read_bytes() == finished.path(name).read_bytes()
