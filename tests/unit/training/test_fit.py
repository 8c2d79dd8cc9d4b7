"""Trainings: resumed bit for bit, refused where they must be."""

import pytest
import torch

from binary_activations.errors import StudyError
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.training.checkpoints import Checkpoint
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.fit import new_network, write_history
from binary_activations.training.models import load_model
from samples.trainings import digits, settings_of, units_of

STRAIGHT = units_of("straight_through")


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


def train(path, units, epochs=4, kill_before=None, identity="same"):
    """Trains on few digits; the process dies before an epoch where `kill_before` says."""
    training = Killable(settings_of(units, epochs), 0, digits(), torch.device("cpu"))
    training.kill_before = kill_before
    training.fit(Checkpoint(path, identity))
    return training


def scripted(**losses):
    training = Scripted(settings_of({"layers": []}, epochs=3), 0, digits(), torch.device("cpu"))
    for name, values in losses.items():
        setattr(training, name, values)
    return training


@pytest.mark.parametrize("estimator", [None, *CATALOGUE])
def test_a_killed_training_resumes_bit_for_bit(tmp_path, estimator):
    units = units_of(estimator)
    whole = train(tmp_path / "whole.pt", units)
    with pytest.raises(Killed):
        train(tmp_path / "killed.pt", units, kill_before=2)
    resumed = train(tmp_path / "killed.pt", units)
    assert (whole.trained, resumed.trained) == (4, 2)
    assert resumed.history == whole.history
    assert resumed.kept["epoch"] == whole.kept["epoch"]
    for one, other in (
        (resumed.kept["network"], whole.kept["network"]),
        (resumed.network.state_dict(), whole.network.state_dict()),
    ):
        assert all(torch.equal(one[name], value) for name, value in other.items())
    for one, other in (
        (resumed.order, whole.order),
        (resumed.network.generator, whole.network.generator),
    ):
        assert torch.equal(one.get_state(), other.get_state())


def test_checkpoints_of_another_training_are_refused(tmp_path, capsys):
    with pytest.raises(Killed):
        train(tmp_path / "c.pt", STRAIGHT, kill_before=1)
    assert train(tmp_path / "c.pt", STRAIGHT, identity="other").trained == 4
    assert "a checkpoint of other settings, data or code; starting" in capsys.readouterr().out


@pytest.mark.parametrize("damage", [b"", b"no checkpoint", None])
def test_damaged_checkpoints_are_refused(tmp_path, capsys, damage):
    path = tmp_path / "c.pt"
    with pytest.raises(Killed):
        train(path, STRAIGHT, kill_before=1)
    path.write_bytes(path.read_bytes()[:2000] if damage is None else damage)
    assert train(path, STRAIGHT).trained == 4
    assert "damaged; starting afresh" in capsys.readouterr().out


def test_the_epoch_with_the_lowest_validation_loss_is_kept(tmp_path):
    training = scripted(validation_losses=(3.0, 1.0, 2.0))
    training.fit(Checkpoint(tmp_path / "c.pt", ""))
    assert training.kept["epoch"] == 1
    assert training.kept["network"]["head.bias"].tolist() == [2.0] * 10
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


def test_the_last_epoch_is_kept_where_the_settings_say_so(tmp_path):
    training = scripted(validation_losses=(3.0, 1.0, 2.0))
    training.settings["training"]["keep"] = "last_epoch"
    training.fit(Checkpoint(tmp_path / "c.pt", ""))
    assert training.kept["epoch"] == 2


def test_every_rate_follows_the_schedule_epoch_by_epoch(tmp_path):
    training = scripted()
    training.settings["training"] |= {"learning_rate_schedule": "cosine", "warm_up_epochs": 1}
    factors = []
    train_epoch = training.train_epoch
    training.train_epoch = lambda: factors.append(training.optimiser.factor) or train_epoch()
    training.fit(Checkpoint(tmp_path / "c.pt", ""))
    assert factors == pytest.approx([0.5, 1.0, 0.5])


def test_a_loss_that_is_not_finite_stops_with_the_epoch(tmp_path):
    checkpoint = Checkpoint(tmp_path / "c.pt", "")
    training = scripted(training_losses=(1.0, float("nan"), 1.0))
    with pytest.raises(StudyError, match="not finite in epoch 2/3.*nan"):
        training.fit(checkpoint)
    assert len(checkpoint.load()["history"]) == 1


def test_frozen_layers_stay_as_initialised(tmp_path):
    units = units_of("none", ["conv2"], "deterministic")
    start = new_network("mnist", units, 0, torch.device("cpu"))
    weights = train(tmp_path / "c.pt", units, epochs=2).network.state_dict()
    for name, value in start.named_parameters():
        assert torch.equal(weights[name], value) == (not name.startswith("head"))


@pytest.mark.parametrize("mode", ["deterministic", "stochastic"])
def test_weights_that_diverge_stop_the_training(tmp_path, mode):
    units = units_of("straight_through", ["conv1"], mode)
    training = Scripted(settings_of(units, epochs=3), 0, digits(), torch.device("cpu"))
    with torch.no_grad():
        training.network.layers["conv1"][0].weight.fill_(float("nan"))
    with pytest.raises(StudyError, match="weight is not finite in epoch 1/3"):
        training.fit(Checkpoint(tmp_path / "c.pt", ""))


def test_history_is_written_whole(tmp_path):
    write_history(tmp_path / "h.csv", [{"epoch": 0, "slope": 1.0}, {"epoch": 1, "slope": 1.5}])
    assert (tmp_path / "h.csv").read_text() == "epoch,slope\n0,1.0\n1,1.5\n"
