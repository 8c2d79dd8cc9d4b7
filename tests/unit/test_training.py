"""Training: resumed bit for bit, refused where it must be, its files whole or absent."""

import json
import os
import random
import stat
from pathlib import Path

import numpy as np
import pytest
import torch

from binary_activations.data.datasets import Characters, LabelledImages
from binary_activations.errors import StudyError
from binary_activations.files import write_atomically
from binary_activations.networks.activations import ESTIMATORS
from binary_activations.training import checkpoints
from binary_activations.training.checkpoints import (
    Checkpoint,
    load_model,
    save_model,
    training_identity,
)
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.few_shot import FewShotTraining
from binary_activations.training.fit import new_network, write_history

REDUCTIONS = {
    "running_mean": {"baseline_decay": 0.9},
    "leave_one_out": {"samples": 3},
    "disarm": {},
    "local_expectation": {"images": 16},
}


def score(reduction):
    """Training settings with a score function."""
    options = {"learning_rate": 0.001, "variance_reduction": reduction} | REDUCTIONS[reduction]
    return {"learning_rate": 0.05, "reinforce": options}


SCORE = score("running_mean")
SLOPE = {"schedule": "geometric", "rate": 1.1, "maximum": 5}
STOCHASTIC = {"layers": ["conv1", "conv2"], "mode": "stochastic", "margin": 0.01}
MNIST = {"batch_size": 40, "momentum": 0.9, "validation_images": 16}
OMNIGLOT = {"episodes_per_epoch": 2, "n_way": 3, "k_shot": 1, "queries": 2, "gradient_norm": 1}
VALIDATION = {"alphabets": 1, "episodes": 2, "n_way": 3, "k_shot": 1, "queries": 1}


class Killed(Exception):
    pass


class Killable(ClassificationTraining):
    """A training that dies before an epoch; it counts those that it trains."""

    kill_before = None
    trained = 0

    def train_epoch(self):
        if self.kill_before == self.trained:
            raise Killed
        self.trained += 1
        return super().train_epoch()


class Scripted(ClassificationTraining):
    """A training whose losses are given."""

    training_losses = validation_losses = (1.0,) * 9

    def train_epoch(self):
        with torch.no_grad():
            self.network.head.bias.fill_(len(self.history) + 1)
        return self.training_losses[len(self.history)], 0.5

    def validate(self):
        return self.validation_losses[len(self.history)], 0.5


def settings_of(variant, training=SCORE, epochs=4, slope=SLOPE, **more):
    return {
        "variant": variant,
        "precision": "float32",
        "slope": slope,
        "training": {"epochs": epochs, **MNIST, **training},
        **more,
    }


def digits(count=96):
    random = torch.Generator().manual_seed(0)
    labels = torch.randint(10, (count,), generator=random)
    images = torch.randint(60, (count, 1, 28, 28), generator=random)
    images[torch.arange(count), 0, 2 * labels] = 255
    return LabelledImages(images.byte(), labels)


def train(path, variant, epochs=4, kill_before=None, identity="same", settings=SCORE):
    """Train on few digits; the process dies before an epoch where `kill_before` says."""
    training = Killable(settings_of(variant, settings, epochs), 0, digits(), torch.device("cpu"))
    training.kill_before = kill_before
    training.fit(Checkpoint(path, identity))
    return training


def scripted(**losses):
    training = Scripted(settings_of({"layers": []}, epochs=3), 0, digits(), torch.device("cpu"))
    for name, values in losses.items():
        setattr(training, name, values)
    return training


@pytest.mark.parametrize(
    ("estimator", "settings"),
    [
        *((name, {"learning_rate": 0.05}) for name in ESTIMATORS if name != "reinforce"),
        *(("reinforce", score(reduction)) for reduction in REDUCTIONS),
    ],
)
def test_a_killed_training_resumes_bit_for_bit(tmp_path, estimator, settings):
    variant = STOCHASTIC | {"estimator": estimator}
    whole = train(tmp_path / "whole.pt", variant, settings=settings)
    with pytest.raises(Killed):
        train(tmp_path / "killed.pt", variant, kill_before=2, settings=settings)
    resumed = train(tmp_path / "killed.pt", variant, settings=settings)
    assert (whole.trained, resumed.trained) == (4, 2)
    assert resumed.history == whole.history
    assert resumed.best["epoch"] == whole.best["epoch"]
    for one, other in (
        (resumed.best["network"], whole.best["network"]),
        (resumed.network.state_dict(), whole.network.state_dict()),
    ):
        assert all(torch.equal(one[name], value) for name, value in other.items())
    for one, other in (
        (resumed.order, whole.order),
        (resumed.network.generator, whole.network.generator),
    ):
        assert torch.equal(one.get_state(), other.get_state())


def test_checkpoints_of_another_training_are_refused(tmp_path, capsys):
    variant = STOCHASTIC | {"estimator": "straight_through"}
    with pytest.raises(Killed):
        train(tmp_path / "c.pt", variant, kill_before=1)
    assert train(tmp_path / "c.pt", variant, identity="other").trained == 4
    assert "a checkpoint of other settings, data or code; starting" in capsys.readouterr().out


@pytest.mark.parametrize("damage", [b"", b"no checkpoint", None])
def test_damaged_checkpoints_are_refused(tmp_path, capsys, damage):
    path, variant = tmp_path / "c.pt", STOCHASTIC | {"estimator": "straight_through"}
    with pytest.raises(Killed):
        train(path, variant, kill_before=1)
    path.write_bytes(path.read_bytes()[:2000] if damage is None else damage)
    assert train(path, variant).trained == 4
    assert "damaged; starting afresh" in capsys.readouterr().out


def test_the_epoch_with_the_lowest_validation_loss_is_kept(tmp_path):
    training = scripted(validation_losses=(3.0, 1.0, 2.0))
    training.fit(Checkpoint(tmp_path / "c.pt", ""))
    assert training.best["epoch"] == 1
    assert training.best["network"]["head.bias"].tolist() == [2.0] * 10
    assert [row["slope"] for row in training.history] == pytest.approx([1, 1.1, 1.21])
    assert training.network.layers["conv1"][-1].slope == pytest.approx(1.21)
    assert [row["validation_loss"] for row in training.history] == [3, 1, 2]
    training.write(tmp_path / "model.pt", tmp_path / "history.csv")
    kept = load_model(tmp_path / "model.pt", "cpu")
    assert kept.head.bias.tolist() == [2.0] * 10
    assert kept.layers["conv1"][-1].slope == pytest.approx(1.1)
    rows = (tmp_path / "history.csv").read_text().splitlines()
    assert rows[0].startswith("epoch,slope,training_loss,")
    assert rows[2].startswith("1,1.1,1.0,0.5,1.0,0.5")


def test_a_loss_that_is_not_finite_stops_with_the_epoch(tmp_path):
    checkpoint = Checkpoint(tmp_path / "c.pt", "")
    training = scripted(training_losses=(1.0, float("nan"), 1.0))
    with pytest.raises(StudyError, match="not finite in epoch 2/3.*nan"):
        training.fit(checkpoint)
    assert len(checkpoint.load()["history"]) == 1


def test_frozen_layers_stay_as_initialised(tmp_path):
    variant = {"layers": ["conv2"], "mode": "deterministic", "estimator": "none"}
    start = new_network("mnist", variant, 0, torch.device("cpu"))
    weights = train(tmp_path / "c.pt", variant, epochs=2).network.state_dict()
    for name, value in start.named_parameters():
        assert torch.equal(weights[name], value) == (not name.startswith("head"))


@pytest.mark.parametrize(
    "variant",
    [
        {"layers": []},
        {"layers": ["conv2"], "mode": "deterministic", "estimator": "straight_through"},
        {"layers": ["conv3"], "mode": "stochastic", "estimator": "reinforce", "margin": 0.01},
        {"layers": ["conv4"], "mode": "stochastic", "estimator": "reinforce", "margin": 0.01},
    ],
)
def test_an_omniglot_epoch_trains_every_layer(variant):
    training = few_shot(variant, SCORE)
    before = [parameter.clone() for parameter in training.network.parameters()]
    loss, accuracy = training.train_epoch()
    assert loss > 0
    assert 0 <= accuracy <= 1
    for old, new in zip(before, training.network.parameters(), strict=True):
        assert not torch.equal(old, new)


def few_shot(variant, training):
    """A training of a matching network on few drawings, of two alphabets."""
    drawings = torch.randint(256, (8, 20, 1, 28, 28), generator=torch.Generator()).byte()
    characters = Characters(drawings, np.array(["A"] * 4 + ["B"] * 4))
    settings = settings_of(variant, OMNIGLOT | training, validation=VALIDATION)
    return FewShotTraining(settings, 0, characters, torch.device("cpu"))


def test_a_killed_training_on_episodes_resumes_bit_for_bit(tmp_path):
    variant = {"layers": ["conv4"], "mode": "stochastic", "estimator": "reinforce", "margin": 0.01}
    whole = few_shot(variant, SCORE)
    whole.fit(Checkpoint(tmp_path / "whole.pt", "same"))
    killed = few_shot(variant, SCORE)
    killed.settings["training"]["epochs"] = 2
    killed.fit(Checkpoint(tmp_path / "killed.pt", "same"))
    resumed = few_shot(variant, SCORE)
    resumed.fit(Checkpoint(tmp_path / "killed.pt", "same"))
    assert resumed.history == whole.history
    for name, value in whole.network.state_dict().items():
        assert torch.equal(resumed.network.state_dict()[name], value)


def test_an_omniglot_network_with_nothing_to_train_stays_as_it_is():
    variant = {"layers": ["conv4"], "mode": "deterministic", "estimator": "none"}
    training = few_shot(variant, {"learning_rate": 0.05})
    before = [parameter.clone() for parameter in training.network.parameters()]
    training.train_epoch()
    assert all(map(torch.equal, before, training.network.parameters()))


@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_weights_that_diverge_stop_the_training(tmp_path, mode):
    variant = {"layers": ["conv1"], "mode": mode, "estimator": "straight_through"}
    training = Scripted(settings_of(variant, epochs=3), 0, digits(), torch.device("cpu"))
    with torch.no_grad():
        training.network.layers["conv1"][0].weight.fill_(float("nan"))
    with pytest.raises(StudyError, match="weight is not finite in epoch 1/3"):
        training.fit(Checkpoint(tmp_path / "c.pt", ""))


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


def test_history_is_written_whole(tmp_path):
    write_history(tmp_path / "h.csv", [{"epoch": 0, "slope": 1.0}, {"epoch": 1, "slope": 1.5}])
    assert (tmp_path / "h.csv").read_text() == "epoch,slope\n0,1.0\n1,1.5\n"


def test_a_failed_write_leaves_the_old_file_and_is_named(tmp_path, monkeypatch):
    path = tmp_path / "out.json"
    write_atomically(path, json.dumps(1))

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudyError, match=r"out.json: cannot be written \(No space left"):
        write_atomically(path, json.dumps(2))
    assert path.read_text() == "1"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]
    assert stat.S_ISREG(path.stat().st_mode)
