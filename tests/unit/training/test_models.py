"""Models: run again as they were saved, or refused by name."""

import pytest
import torch

from binary_activations.errors import StudyError
from binary_activations.training import tensor_files
from binary_activations.training.checkpoints import save_model
from binary_activations.training.fit import new_network
from binary_activations.training.models import load_model


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
        tensor_files.save(path, {"dataset": "mnist"})
    else:
        path.write_bytes(content)
    with pytest.raises(StudyError, match=r"model.pt: not a model of this study"):
        load_model(path, "cpu")
