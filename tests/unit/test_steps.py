"""Steps replayed from a graph: the same as steps called."""

import pytest
import torch

from binary_activations import steps
from binary_activations.classification import mnist_epoch
from binary_activations.datasets import LabelledImages
from binary_activations.generators import generator
from binary_activations.optimisers import Momentum
from binary_activations.steps import WARM_UP, run_steps
from binary_activations.training import new_network, parameter_groups

STOCHASTIC = {"layers": ["conv1"], "mode": "stochastic", "estimator": "straight_through"}


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


def trained(device, run):
    """Weights after two epochs of 10 batches and a smaller one."""
    random = torch.Generator().manual_seed(0)
    images = torch.randint(256, (84, 1, 28, 28), generator=random).byte().to(device)
    labels = torch.randint(10, (84,), generator=random).to(device)
    network, _ = new_network("mnist", STOCHASTIC, 0, device)
    optimiser = Momentum(parameter_groups(network, {"learning_rate": 0.05}), 0.9)
    order = generator(0, "order")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("binary_activations.classification.run_steps", run)
        totals = [
            mnist_epoch(network, optimiser, LabelledImages(images, labels), 8, order, None)
            for _ in range(2)
        ]
    return totals, network.state_dict()


def call(step, batches, _generator):
    for batch in batches:
        step(*batch)


def replay(step, batches, generator):
    steps._run_replayed(step, batches, generator, call_on_the_same_inputs)


def assert_same(one, other):
    assert one[0] == other[0]
    assert all(torch.equal(one[1][name], other[1][name]) for name in one[1])


def test_an_epoch_of_replayed_steps_gives_the_same_bits():
    assert_same(trained("cpu", call), trained("cpu", replay))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_an_epoch_replayed_on_a_gpu_gives_the_same_bits():
    assert_same(trained("cuda", call), trained("cuda", run_steps))
