"""Models and checkpoints: the same bytes, refused where they are damaged."""

import random
from pathlib import Path

import pytest
import torch

from binary_activations.errors import StudyError
from binary_activations.training import checkpoints
from binary_activations.training.checkpoints import (
    Checkpoint,
    load_model,
    save_model,
    training_identity,
)
from binary_activations.training.fit import new_network


def test_models_are_the_same_bytes_and_run_at_their_slope(tmp_path):
    network = new_network("mnist", {"layers": []}, 0, torch.device("cpu"))
    network.set_slope(1.7)
    network.eval()
    for name in ("a.pt", "b.pt"):
        save_model(tmp_path / name, "mnist", {"layers": []}, network.state_dict(), 1.7)
    assert (tmp_path / "a.pt").read_bytes() == (tmp_path / "b.pt").read_bytes()
    drawings = torch.randn(2, 1, 28, 28)
    assert torch.equal(load_model(tmp_path / "a.pt", "cpu")(drawings), network(drawings))


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_files_that_are_no_models_are_named(tmp_path, content):
    path = tmp_path / "model.pt"
    if content is None:
        checkpoints.save(path, {"dataset": "mnist"})
    else:
        path.write_bytes(content)
    with pytest.raises(StudyError, match=r"model.pt: not a model of this study"):
        load_model(path, "cpu")


class Program:
    """What a pickle runs when it is loaded without weights_only."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_file_with_code_is_refused_and_not_run(tmp_path, capsys):
    path, ran = tmp_path / "model.pt", tmp_path / "ran"
    checkpoints.save(path, {"identity": "same", "state": Program(ran), "dataset": "mnist"})
    with pytest.raises(StudyError, match=r"model.pt: not a model of this study"):
        load_model(path, torch.device("cpu"))
    assert Checkpoint(path, "same").load() is None
    assert "damaged" in capsys.readouterr().out
    assert not ran.exists()
    torch.load(path, weights_only=False)
    assert ran.exists()


def test_an_altered_bit_in_a_file_is_refused(tmp_path):
    path = tmp_path / "checkpoint.pt"
    checkpoint = Checkpoint(path, "same")
    state = {"weights": torch.randn(3000), "history": [{"loss": 0.5}], "best": None}
    checkpoint.save(state)
    content = path.read_bytes()
    draw = random.Random(0)
    refused = 0
    directory = range(content.index(b"PK\1\2"), len(content))
    everywhere = [draw.randrange(len(content)) for _ in range(300)]
    for place in [*everywhere, *directory]:
        altered = bytes([content[place] ^ (1 << draw.randrange(8))])
        path.write_bytes(content[:place] + altered + content[place + 1 :])
        refused += checkpoint.load() is None
    assert refused == 300 + len(directory)


def test_the_identity_covers_all_that_decides_a_result(tmp_path):
    data = tmp_path / "data"
    data.write_bytes(b"1")
    calls = [({"a": 1}, 0, 1, "c"), ({"a": 2}, 0, 1, "c"), ({"a": 1}, 1, 1, "c")]
    calls += [({"a": 1}, 0, 2, "c"), ({"a": 1}, 0, 1, "d")]
    identities = {training_identity(s, seed, threads, data, c) for s, seed, threads, c in calls}
    data.write_bytes(b"2")
    identities.add(training_identity({"a": 1}, 0, 1, data, "c"))
    assert len(identities) == 6
