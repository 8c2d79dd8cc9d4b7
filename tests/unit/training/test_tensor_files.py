"""Files of tensors: refused where a byte is altered or code would run."""

import random
from pathlib import Path

import pytest
import torch

from binary_activations.errors import StudyError
from binary_activations.training import tensor_files
from binary_activations.training.checkpoints import Checkpoint
from binary_activations.training.models import load_model


class Program:
    """What a pickle runs when it is loaded without weights_only."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_file_with_code_is_refused_and_not_run(tmp_path, capsys):
    path, ran = tmp_path / "model.pt", tmp_path / "ran"
    tensor_files.save(path, {"identity": "same", "state": Program(ran), "dataset": "mnist"})
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
    state = {"weights": torch.randn(3000), "history": [{"loss": 0.5}], "kept": None}
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
