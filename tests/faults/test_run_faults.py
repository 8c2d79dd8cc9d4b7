"""A run of the workflow, disturbed: told by name, and finished by the next run."""

import os
import signal
import subprocess

import pytest

from projects import wait_until

pytestmark = pytest.mark.slow

MODEL = "results/mnist/no_binary/seed0/model.pt"
LOG = "results/logs/mnist/no_binary/seed0/train.log"


@pytest.fixture
def stale(copy):
    """The finished study without one model, and that model's bytes."""
    model = copy.path(MODEL)
    content = model.read_bytes()
    model.unlink()
    return copy, content


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_run_that_is_stopped(stale, survived, name):
    """Ctrl-C reaches every process; SIGTERM Snakemake alone, which lets running jobs end."""
    project, content = stale
    process = project.start("--cores", "1", MODEL)
    checkpoint = project.path(MODEL).with_name("checkpoint.pt")
    wait_until(checkpoint.exists, process)
    if name == "SIGINT":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=60)[0]
    assert process.returncode != 0
    assert "Traceback" not in output
    assert not project.trainings()
    if name == "SIGINT":
        assert not project.path(MODEL).exists()
        assert checkpoint.exists()
    status, output = project.run("--cores", "1", MODEL)
    assert status == 0, output
    assert project.path(MODEL).read_bytes() == content
    if name == "SIGINT":
        assert "resuming after epoch" in project.path(LOG).read_text()
    survived(f"run, {name}", 1, "no lock left; the next run went on to the same bytes")


def test_two_runs_at_once(stale, survived):
    project, content = stale
    process = project.start("--cores", "1", MODEL)
    wait_until(project.trainings, process)
    (training,) = project.trainings()
    training.suspend()
    status, output = project.run("--cores", "1", MODEL)
    training.resume()
    assert status != 0
    assert "LockException" in output
    assert "Traceback" not in output
    first = process.communicate()[0]
    assert process.returncode == 0, first
    assert project.path(MODEL).read_bytes() == content
    survived("two runs in one folder", 1, "the second refused, the first undisturbed")


def test_a_results_folder_that_cannot_be_written(stale, survived, mount):
    project, content = stale
    results = project.path("results")
    results.rename(project.path("elsewhere"))
    mount(results, "ro")
    status, output = project.run("--cores", "1", MODEL)
    assert status != 0
    assert "results" in output
    assert "Read-only file system" in output
    assert "Traceback" not in output
    subprocess.run(["umount", results], check=True)
    results.rmdir()
    project.path("elsewhere").rename(results)
    status, output = project.run("--cores", "1", MODEL)
    assert status == 0, output
    assert project.path(MODEL).read_bytes() == content
    survived("read-only results folder", 1, "named; the next run made what was missing")


def test_a_full_disk(stale, survived, mount):
    project, content = stale
    folder = project.path(MODEL).parent
    mount(folder, "size=500k")
    status, output = project.run("--cores", "1", MODEL)
    assert status != 0
    assert "checkpoint.pt: cannot be written (No space left on device)" in output
    mount(folder, "remount,size=9m")
    status, output = project.run("--cores", "1", MODEL)
    assert status == 0, output
    assert project.path(MODEL).read_bytes() == content
    assert "resuming after epoch" in project.path(LOG).read_text()
    survived("run, disk full at a checkpoint", 1, "named; the next run went on to the same bytes")


def test_a_loss_that_is_not_finite(copy, survived):
    learning_rate = {"learning_rate": 1e30}
    copy.edit_config(lambda config: config["mnist"]["training"].update(learning_rate))
    status, output = copy.run("--cores", "1", MODEL)
    assert status != 0
    assert "no_binary/seed0: the loss or a weight is not finite in epoch 1/5" in output
    assert "Traceback" not in output
    survived("run, a learning rate that diverges", 1, "stopped, naming variant and epoch")
