"""Steps replayed from a graph: the same as steps called."""

import numpy as np
import pytest
import torch

from binary_activations.data.datasets import Characters, LabelledImages
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.training import steps
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.devices import set_up_device
from binary_activations.training.few_shot import FewShotTraining
from binary_activations.training.steps import WARM_UP, run_steps
from samples.trainings import settings_of, units_of

FEW_SHOT = {"episodes_per_epoch": 6, "n_way": 3, "k_shot": 1, "queries": 2, "gradient_norm": 1}
VALIDATION = {"alphabets": 1, "episodes": 1, "n_way": 3, "k_shot": 1, "queries": 1}


def new_settings(estimator, learning_rate):
    units = units_of(estimator, ["conv1"])
    settings = settings_of(units, learning_rate=learning_rate, batch_size=8, **FEW_SHOT)
    return settings | {"validation": VALIDATION}


def call_on_the_same_inputs(step, inputs, _generator):
    """What a captured graph does when replayed, on the processor."""
    return lambda: step(*inputs)


def batches(sizes):
    numbers = torch.arange(sum(sizes))
    return list(zip(numbers.split(sizes), (2 * numbers).split(sizes), strict=True))


@pytest.mark.parametrize("sizes", [[4] * 9, [4] * 9 + [3], [4, 4, 3], [4], [2, 4, 2, 4, 2, 2]])
def test_every_batch_is_stepped_on_once_and_in_order(sizes):
    seen, captured = [], []

    def capture(step, inputs, generator):
        captured.append(generator)
        return call_on_the_same_inputs(step, inputs, generator)

    def step(numbers, doubled):
        assert torch.equal(2 * numbers, doubled)
        seen.append(numbers.tolist())

    steps._run_replayed(step, batches(sizes), "generator", capture)
    assert seen == [numbers.tolist() for numbers, _ in batches(sizes)]
    alike = sizes[WARM_UP:].count(sizes[0])
    assert captured == (["generator"] if alike else [])


def trained_on_digits(device, run, estimator):
    """Totals and weights after two epochs of 10 batches and a smaller one."""
    random = torch.Generator().manual_seed(0)
    images = torch.randint(256, (94, 1, 28, 28), generator=random).byte().to(device)
    labels = torch.randint(10, (94,), generator=random).to(device)
    data, rate = LabelledImages(images, labels), 0.01 if estimator == "running_mean" else 0.05
    training = ClassificationTraining(new_settings(estimator, rate), 0, data, device)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("binary_activations.training.classification.run_steps", run)
        totals = [training.train_epoch() for _ in range(2)]
    return totals, training.network.state_dict()


def trained_on_characters(device, run, estimator):
    """Totals and weights after two epochs of 6 episodes."""
    random = torch.Generator().manual_seed(0)
    drawings = torch.randint(256, (8, 20, 1, 28, 28), generator=random).byte().to(device)
    data = Characters(drawings, np.array(["A"] * 4 + ["B"] * 4))
    settings = new_settings(estimator, 0.01) | {"dataset": "omniglot"}
    training = FewShotTraining(settings, 0, data, device)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("binary_activations.training.few_shot.run_steps", run)
        totals = [training.train_epoch() for _ in range(2)]
    return totals, training.network.state_dict()


def call(step, batches, _generator):
    for batch in batches:
        step(*batch)


def replay(step, batches, generator):
    steps._run_replayed(step, batches, generator, call_on_the_same_inputs)


TRAININGS = pytest.mark.parametrize(
    ("train", "estimator"),
    [
        (train, name)
        for dataset, train in (("mnist", trained_on_digits), ("omniglot", trained_on_characters))
        for name, row in CATALOGUE.items()
        if dataset in row.datasets
    ],
)


def assert_same(one, other):
    assert one[0] == other[0]
    assert all(torch.equal(one[1][name], other[1][name]) for name in one[1])


@TRAININGS
def test_an_epoch_of_replayed_steps_gives_the_same_bits(train, estimator):
    assert_same(train("cpu", call, estimator), train("cpu", replay, estimator))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@TRAININGS
def test_an_epoch_replayed_on_a_gpu_gives_the_same_bits(train, estimator):
    set_up_device("cuda", 1)
    assert_same(train("cuda", call, estimator), train("cuda", run_steps, estimator))
