"""What decides that a checkpoint is of the same training."""

from binary_activations.training.checkpoints import Checkpoint, training_identity


def test_the_identity_covers_all_that_decides_a_result(tmp_path):
    data = tmp_path / "data"
    data.write_bytes(b"1")
    calls = [({"a": 1}, 0, 1, "c"), ({"a": 2}, 0, 1, "c"), ({"a": 1}, 1, 1, "c")]
    calls += [({"a": 1}, 0, 2, "c"), ({"a": 1}, 0, 1, "d")]
    identities = {training_identity(s, seed, threads, data, c) for s, seed, threads, c in calls}
    data.write_bytes(b"2")
    identities.add(training_identity({"a": 1}, 0, 1, data, "c"))
    assert len(identities) == 6


def test_a_checkpoint_is_its_trainings_alone(tmp_path, capsys):
    path = tmp_path / "checkpoint.pt"
    assert Checkpoint(path, "one").load() is None
    Checkpoint(path, "one").save({"history": [1]})
    assert Checkpoint(path, "one").load() == {"history": [1]}
    assert Checkpoint(path, "other").load() is None
    assert "of other settings, data or code" in capsys.readouterr().out
    Checkpoint(path, "one").remove()
    Checkpoint(path, "one").remove()
    assert not path.exists()
