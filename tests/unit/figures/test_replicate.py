"""All pictures of one replicate, of an untrained network and few drawings."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import torch

from binary_activations.figures.replicate import write_pictures
from binary_activations.training.checkpoints import save_model
from binary_activations.training.fit import new_network


def test_every_layer_has_its_pictures_and_binary_ones_their_rates(tmp_path):
    images = np.random.default_rng(0).integers(256, size=(10, 28, 28), dtype=np.uint8)
    arrays = {"test_images": images, "test_labels": np.arange(10, dtype=np.uint8)}
    np.savez(tmp_path / "mnist.npz", **arrays)
    units = {"layers": ["conv2"], "mode": "stochastic"}
    network = new_network("mnist", units, 0, torch.device("cpu"))
    save_model(tmp_path / "model.pt", "mnist", units, network.state_dict(), 1.0)
    shown = {"dataset": "mnist", "title": "MNIST", "variant": "a", "seed": 0}
    arguments = SimpleNamespace(
        settings=shown | {"classes": 2, "samples": 2},
        threads=1,
        data=tmp_path / "mnist.npz",
        model=tmp_path / "model.pt",
        heatmap=tmp_path / "heatmap.png",
        layers=tmp_path / "layers",
        firing=tmp_path / "firing.csv",
    )
    write_pictures(arguments)
    assert sorted(path.name for path in arguments.layers.iterdir()) == sorted(
        f"{name}_{layer}.png"
        for name in ("filters", "activations", "exciting", "maximising")
        for layer in ("conv1", "conv2")
    )
    assert arguments.heatmap.read_bytes().startswith(b"\x89PNG")
    assert pd.read_csv(arguments.firing)["layer"].tolist() == ["conv2"]
