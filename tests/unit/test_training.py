"""Training: resumed bit for bit, refused where it must be, its files whole or absent."""

import json
import os
import random
import stat
from pathlib import Path

import pytest
import torch

from binary_activations.data.datasets import Characters, LabelledImages
from binary_activations.errors import StudyError
from binary_activations.estimators.score_functions import new_score_function
from binary_activations.files import write_atomically
from binary_activations.networks.activations import ESTIMATORS
from binary_activations.training import checkpoints
from binary_activations.training.checkpoints import (
    Checkpoint,
    load_model,
    save_model,
    training_identity,
)
from binary_activations.training.classification import evaluate_classifier, mnist_epoch
from binary_activations.training.few_shot import omniglot_epoch
from binary_activations.training.fit import (
    fit,
    new_network,
    parameter_groups,
    write_history,
)
from binary_activations.training.generators import generator
from binary_activations.training.optimisers import Adam, Momentum

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


class Killed(Exception):
    pass


def digits(count=96):
    random = torch.Generator().manual_seed(0)
    labels = torch.randint(10, (count,), generator=random)
    images = torch.randint(60, (count, 1, 28, 28), generator=random)
    images[torch.arange(count), 0, 2 * labels] = 255
    return LabelledImages(images.byte(), labels)


def train(path, variant, epochs=4, kill_before=None, identity="same", slope=SLOPE, settings=SCORE):
    """Train on few digits; the process dies before an epoch where `kill_before` says."""
    images, device = digits(), torch.device("cpu")
    network = new_network("mnist", variant, 0, device)
    optimiser = Momentum(parameter_groups(network, settings), 0.9)
    score_function, order = new_score_function(settings, 10, device), generator(0, "order")
    done = []

    def train_epoch():
        if kill_before == len(done):
            raise Killed
        done.append(1)
        return mnist_epoch(network, optimiser, images, 40, order, score_function)

    def validate():
        metrics = evaluate_classifier(network, images)
        return metrics["loss"], metrics["accuracy"]

    stateful = {
        "optimiser": optimiser,
        "units": network.generator,
        "order": order,
        "score_function": score_function,
    }
    checkpoint = Checkpoint(path, identity)
    return (*fit(network, stateful, slope, epochs, train_epoch, validate, checkpoint), len(done))


@pytest.mark.parametrize(
    ("estimator", "settings"),
    [
        *((name, {"learning_rate": 0.05}) for name in ESTIMATORS if name != "reinforce"),
        *(("reinforce", score(reduction)) for reduction in REDUCTIONS),
    ],
)
def test_a_killed_training_resumes_bit_for_bit(tmp_path, estimator, settings):
    variant = STOCHASTIC | {"estimator": estimator}
    weights, slope, history, _ = train(tmp_path / "whole.pt", variant, settings=settings)
    with pytest.raises(Killed):
        train(tmp_path / "killed.pt", variant, kill_before=2, settings=settings)
    resumed, resumed_slope, resumed_history, epochs = train(
        tmp_path / "killed.pt", variant, settings=settings
    )
    assert epochs == 2
    assert resumed_history == history
    assert resumed_slope == slope
    assert all(torch.equal(resumed[name], value) for name, value in weights.items())


def test_checkpoints_of_another_training_are_refused(tmp_path, capsys):
    variant = STOCHASTIC | {"estimator": "straight_through"}
    with pytest.raises(Killed):
        train(tmp_path / "c.pt", variant, kill_before=1)
    *_, epochs = train(tmp_path / "c.pt", variant, identity="other")
    assert epochs == 4
    assert "a checkpoint of other settings, data or code; starting" in capsys.readouterr().out


@pytest.mark.parametrize("damage", [b"", b"no checkpoint", None])
def test_damaged_checkpoints_are_refused(tmp_path, capsys, damage):
    path, variant = tmp_path / "c.pt", STOCHASTIC | {"estimator": "straight_through"}
    with pytest.raises(Killed):
        train(path, variant, kill_before=1)
    path.write_bytes(path.read_bytes()[:2000] if damage is None else damage)
    *_, epochs = train(path, variant)
    assert epochs == 4
    assert "damaged; starting afresh" in capsys.readouterr().out


def test_the_epoch_with_the_lowest_validation_loss_is_kept(tmp_path):
    network = new_network("mnist", {"layers": []}, 0, torch.device("cpu"))
    losses = iter([3.0, 1.0, 2.0])
    seen = []

    def train_epoch():
        seen.append(network.layers["conv1"][-1].slope)
        with torch.no_grad():
            network.head.bias.fill_(len(seen))
        return 1.0, 0.5

    checkpoint = Checkpoint(tmp_path / "c.pt", "")
    weights, slope, history = fit(
        network, {}, SLOPE, 3, train_epoch, lambda: (next(losses), 0.5), checkpoint
    )
    assert seen == pytest.approx([1, 1.1, 1.21])
    assert weights["head.bias"].tolist() == [2.0] * 10
    assert slope == pytest.approx(1.1)
    assert [row["validation_loss"] for row in history] == [3, 1, 2]


def test_a_loss_that_is_not_finite_stops_with_the_epoch(tmp_path):
    network = new_network("mnist", {"layers": []}, 0, torch.device("cpu"))
    losses = iter([1.0, float("nan")])
    checkpoint = Checkpoint(tmp_path / "c.pt", "")
    with pytest.raises(StudyError, match="not finite in epoch 2/3.*nan"):
        fit(network, {}, SLOPE, 3, lambda: (next(losses), 0.5), lambda: (1.0, 0.5), checkpoint)
    assert len(checkpoint.load()["history"]) == 1


def test_frozen_layers_stay_as_initialised(tmp_path):
    variant = {"layers": ["conv2"], "mode": "deterministic", "estimator": "none"}
    start = new_network("mnist", variant, 0, torch.device("cpu"))
    weights, *_ = train(tmp_path / "c.pt", variant, epochs=2)
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
    drawings = torch.randint(256, (8, 20, 1, 28, 28), generator=torch.Generator()).byte()
    characters = Characters(drawings, ["A"] * 8)
    settings = {"episodes_per_epoch": 2, "n_way": 3, "k_shot": 1, "queries": 2}
    network = new_network("omniglot", variant, 0, torch.device("cpu"))
    before = [parameter.clone() for parameter in network.parameters()]
    optimiser = Adam(parameter_groups(network, SCORE))
    score_function = new_score_function(SCORE, 3, "cpu")
    loss, accuracy = omniglot_epoch(
        network,
        optimiser,
        characters,
        settings | {"gradient_norm": 1},
        generator(0, "order"),
        score_function,
    )
    assert loss > 0
    assert 0 <= accuracy <= 1
    for old, new in zip(before, network.parameters(), strict=True):
        assert not torch.equal(old, new)


def test_an_omniglot_network_with_nothing_to_train_stays_as_it_is():
    variant = {"layers": ["conv4"], "mode": "deterministic", "estimator": "none"}
    characters = Characters(torch.zeros(4, 20, 1, 28, 28).byte(), ["A"] * 4)
    settings = {"episodes_per_epoch": 1, "n_way": 3, "k_shot": 1, "queries": 2, "gradient_norm": 1}
    network = new_network("omniglot", variant, 0, torch.device("cpu"))
    before = [parameter.clone() for parameter in network.parameters()]
    optimiser = Adam(parameter_groups(network, SCORE))
    omniglot_epoch(network, optimiser, characters, settings, generator(0, "order"), None)
    assert all(map(torch.equal, before, network.parameters()))


@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_weights_that_diverge_stop_the_training(tmp_path, mode):
    variant = {"layers": ["conv1"], "mode": mode, "estimator": "straight_through"}
    images, device = digits(), torch.device("cpu")
    network = new_network("mnist", variant, 0, device)
    with torch.no_grad():
        network.layers["conv1"][0].weight.fill_(float("nan"))

    def validate():
        return evaluate_classifier(network, images)["loss"], 0.5

    with pytest.raises(StudyError, match="weight is not finite in epoch 1/3"):
        fit(network, {}, SLOPE, 3, lambda: (1.0, 0.5), validate, Checkpoint(tmp_path / "c.pt", ""))


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
