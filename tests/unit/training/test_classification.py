"""Classification."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F

from binary_activations.data.datasets import normalised
from binary_activations.training.checkpoints import Checkpoint
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.classification_metrics import classification_metrics
from samples.trainings import digits, settings_of, units_of


def test_validation_is_on_the_images_held_out():
    training = ClassificationTraining(settings_of(units_of(None)), 0, digits(), "cpu")
    assert (len(training.images), len(training.held_out)) == (80, 16)
    loss, accuracy = training.validate()
    training.network.eval()
    with torch.no_grad():
        logits = training.network(normalised(training.held_out.images))
    labels = training.held_out.labels
    assert loss == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-5)
    assert accuracy == (logits.argmax(1) == labels).double().mean().item()


def test_without_held_out_images_the_last_epoch_is_kept_and_nothing_is_validated(tmp_path):
    settings = settings_of(units_of(None), epochs=2, validation_images=0, keep="last_epoch")
    training = ClassificationTraining(settings, 0, digits(), "cpu")
    training.fit(Checkpoint(tmp_path / "checkpoint.pt", ""))
    assert len(training.images) == 96
    assert training.kept["epoch"] == 1
    training.write(tmp_path / "model.pt", tmp_path / "history.csv")
    assert pd.read_csv(tmp_path / "history.csv")["validation_loss"].isna().all()


def test_every_epoch_has_distortions_of_its_own_that_the_seed_decides():
    distortions = {"shift": 2, "rotation": 10, "scaling": 0.1}
    settings = settings_of(units_of(None), distortions=distortions)
    first, again = (ClassificationTraining(settings, 0, digits(), "cpu") for _ in range(2))
    plain = ClassificationTraining(settings_of(units_of(None)), 0, digits(), "cpu")
    losses = first.train_epoch()
    assert losses == again.train_epoch() != plain.train_epoch()
    assert first.order.get_state().ne(plain.order.get_state()).any()


def test_the_network_tells_as_many_classes_apart_as_its_units_say():
    settings = settings_of({"layers": [], "classes": 37}) | {"dataset": "characters"}
    training = ClassificationTraining(settings, 0, digits(), "cpu")
    assert training.network.head.out_features == 37
    loss, _ = training.validate()
    assert loss == pytest.approx(math.log(37), rel=0.2)
    found = classification_metrics(training.network, digits(), 0)
    assert np.array(found["confusion"]).shape == (37, 37)
    settings["units"]["classes"] = 101
    training = ClassificationTraining(settings, 0, digits(), "cpu")
    assert "confusion" not in classification_metrics(training.network, digits(), 0)


def test_the_firing_penalty_is_part_of_what_is_minimised():
    units = units_of("straight_through", layers=["conv2"], mode="deterministic")
    inputs, penalties = normalised(digits().images), []
    for penalty in (0.0, 5.0):
        settings = settings_of(units | {"firing_penalty": penalty}, learning_rate=0.01)
        training = ClassificationTraining(settings, 0, digits(), "cpu")
        for _ in range(3):
            training.train_epoch()
        training.network.binary_layers["conv2"].firing_penalty = 1.0
        training.network.train()(inputs)
        penalties.append(training.network.penalty().item())
    assert penalties[1] < 0.8 * penalties[0]
