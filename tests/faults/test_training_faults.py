"""A training, killed and starved in every way: it goes on to the same bytes."""

import os
import random
import signal
import time

import pytest

import trainings
from trainings import Training

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "4"))  # of each data set; a campaign takes more
DATASETS = ("mnist", "omniglot")
EPOCHS = 4


@pytest.fixture(scope="session")
def data(finished):
    return {name: finished.path(f"resources/embedded/{name}.npz") for name in DATASETS}


@pytest.fixture(scope="session")
def undisturbed(data, tmp_path_factory):
    """The results of each training when nothing happens to it, and the seconds that it takes."""
    results = {}
    for dataset in DATASETS:
        training = Training(dataset, data[dataset], tmp_path_factory.mktemp("undisturbed"))
        assert training.run() == 0, training.log.read_text()
        expected = training.results()
        training.remove()
        start = time.monotonic()  # the second one no longer waits for torch to be loaded
        assert training.run() == 0, training.log.read_text()
        assert training.results() == expected
        results[dataset] = expected, time.monotonic() - start
    return results


@pytest.fixture
def new_training(data, tmp_path):
    def make(dataset, name="training"):
        return Training(dataset, data[dataset], tmp_path / name)

    return make


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_training_killed_at_random_moments(new_training, undisturbed, survived, dataset):
    """Each kill at a moment drawn over a whole training; ended ones start afresh. There are
    `KILLS` of them, and more until one training has gone on from a checkpoint."""
    expected, seconds = undisturbed[dataset]
    training = new_training(dataset)
    draw = random.Random(f"{dataset} {KILLS}")
    kills = dict.fromkeys(("SIGKILL", "SIGTERM", "SIGINT"), 0)
    resumed = completed = 0
    while (more := sum(kills.values()) < KILLS or not resumed) or not completed:
        assert sum(kills.values()) < 10 * KILLS
        training.log.unlink(missing_ok=True)
        process = training.start()
        process.join(draw.uniform(0, seconds) if more else None)
        killed = process.is_alive()
        if killed:
            name = draw.choice(sorted(kills))
            os.kill(process.pid, getattr(signal, name))
            process.join()
            kills[name] += process.exitcode != 0
        log = training.log.read_text() if training.log.exists() else ""
        assert killed or process.exitcode == 0, log
        resumed += "resuming after epoch" in log
        if process.exitcode == 0:
            assert training.results() == expected
            assert not training.checkpoint.exists()
            training.remove()
            completed += 1
    for name, times in kills.items():
        survived(f"training, {name} at a random moment", times, "resumed to the same bytes")


@pytest.mark.parametrize("number", range(EPOCHS + 2))
@pytest.mark.parametrize(
    "moment",
    [trainings.die_half_way_through_write, trainings.die_before_rename, trainings.die_after_rename],
)
def test_a_training_killed_while_it_writes(new_training, undisturbed, survived, moment, number):
    """The first writes are checkpoints; the last two, the history and the model."""
    training = new_training("mnist")
    assert training.run(moment, number) == -signal.SIGKILL
    if moment is not trainings.die_after_rename:
        assert training.checkpoint.exists() == (number > 0)
        assert not training.model.exists()
    assert training.run() == 0
    whole = number + (moment is trainings.die_after_rename)
    log = training.log.read_text()
    if whole:
        assert f"resuming after epoch {min(whole, EPOCHS)}/{EPOCHS}" in log
    assert "starting afresh" not in log
    assert training.results() == undisturbed["mnist"][0]
    assert sorted(path.name for path in training.model.parent.iterdir()) == [
        "history.csv",
        "model.pt",
    ]
    what = "a checkpoint" if number < EPOCHS else "a result"
    survived(f"training, SIGKILL while {what} is written", 1, "resumed to the same bytes")


@pytest.mark.parametrize(
    "damage", ["truncated", "one byte altered", "foreign", "empty", "a folder"]
)
def test_a_checkpoint_that_does_not_serve(new_training, undisturbed, survived, damage):
    training = new_training("mnist")
    assert training.run(trainings.die_after_rename, 1) == -signal.SIGKILL
    content = training.checkpoint.read_bytes()
    if damage == "truncated":
        training.checkpoint.write_bytes(content[: len(content) // 2])
    elif damage == "one byte altered":
        middle = len(content) // 2
        altered = bytes([content[middle] ^ 1])
        training.checkpoint.write_bytes(content[:middle] + altered + content[middle + 1 :])
    elif damage == "foreign":
        training.checkpoint.write_bytes(undisturbed["mnist"][0][0])
    elif damage == "empty":
        training.checkpoint.write_bytes(b"")
    else:
        training.checkpoint.unlink()
        training.checkpoint.mkdir()
    status = training.run()
    log = training.log.read_text()
    if damage == "a folder":
        assert status == 1
        assert f"{training.checkpoint}" in log
        assert "Traceback" not in log
        training.checkpoint.rmdir()
        assert training.run() == 0
        survived("checkpoint: a folder in its place", 1, "named; then trained to the same bytes")
    else:
        assert status == 0, log
        assert f"{training.checkpoint}: a checkpoint damaged; starting afresh" in log
        survived(f"checkpoint: {damage}", 1, "refused; trained afresh to the same bytes")
    assert training.results() == undisturbed["mnist"][0]


def test_a_disk_too_small_for_a_checkpoint(new_training, undisturbed, survived, mount, tmp_path):
    disk = tmp_path / "disk"
    mount(disk, "size=600k")
    training = new_training("mnist", "disk/training")
    assert training.run() == 1
    log = training.log.read_text()
    assert f"{training.checkpoint}: cannot be written (No space left on device); free some" in log
    assert "Traceback" not in log
    assert [path.name for path in training.model.parent.iterdir()] == ["checkpoint.pt"]
    mount(disk, "remount,size=8m")
    assert training.run() == 0
    assert f"resuming after epoch 1/{EPOCHS}" in training.log.read_text()
    assert training.results() == undisturbed["mnist"][0]
    survived("disk full at a checkpoint", 1, "named, the last one kept; resumed to the same bytes")


def test_a_disk_too_small_for_the_results(new_training, undisturbed, survived, mount, tmp_path):
    disk = tmp_path / "disk"
    mount(disk, "size=8m")
    training = new_training("mnist", "disk/training")
    assert training.run(trainings.fill_disk_before_results, disk) == 1
    log = training.log.read_text()
    assert f"{training.history}: cannot be written (No space left on device); free some" in log
    assert [path.name for path in training.model.parent.iterdir()] == ["checkpoint.pt"]
    (disk / "filler").unlink()
    assert training.run() == 0
    assert f"resuming after epoch {EPOCHS}/{EPOCHS}" in training.log.read_text()
    assert training.results() == undisturbed["mnist"][0]
    survived("disk full at the results", 1, "named, the last one kept; resumed to the same bytes")


def test_a_loss_that_is_not_finite(new_training, undisturbed, survived):
    training = new_training("mnist")
    assert training.run(trainings.diverge_in_epoch, 3) == 1
    log = training.log.read_text()
    assert f"{training.model.parent}: the loss or a weight is not finite in epoch 3/4" in log
    assert "Traceback" not in log
    assert not training.model.exists()
    assert training.run() == 0
    assert "resuming after epoch 2/4" in training.log.read_text()
    assert training.results() == undisturbed["mnist"][0]
    survived("a weight that is NaN", 1, "stopped, naming variant and epoch; resumed before it")
