"""The optimisers, against those of PyTorch."""

import pytest
import torch

from binary_activations.training.optimisers import Adam, Momentum


def parameters():
    random = torch.Generator().manual_seed(0)
    return [torch.randn(shape, generator=random).requires_grad_() for shape in ((3, 4), (5,), (2,))]


def groups(drawn):
    return [{"params": drawn[:1], "lr": 0.1}, {"params": drawn[1:], "lr": 0.01}]


def train(drawn, optimiser, steps, first=0):
    """Steps on a loss that leaves the last parameter without a gradient."""
    for step in range(first, first + steps):
        optimiser.zero_grad()
        loss = ((step + 1) * drawn[0]).square().sum() + drawn[1].sin().sum()
        loss.backward()
        optimiser.step()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            lambda groups: Momentum(groups, 0.9),
            lambda groups: torch.optim.SGD(groups, momentum=0.9),
        ),
        (
            lambda groups: Momentum(groups, 0.9, nesterov=True),
            lambda groups: torch.optim.SGD(groups, momentum=0.9, nesterov=True),
        ),
        (Adam, torch.optim.Adam),
    ],
)
def test_the_updates_are_those_of_pytorch(ours, theirs):
    mine, expected = parameters(), parameters()
    train(mine, ours(groups(mine)), 20)
    train(expected, theirs(groups(expected)), 20)
    for parameter, other in zip(mine, expected, strict=True):
        torch.testing.assert_close(parameter, other)
    assert torch.equal(mine[2], parameters()[2])


@pytest.mark.parametrize("new", [lambda groups: Momentum(groups, 0.9), Adam])
def test_a_restored_optimiser_goes_on_with_the_same_bits(new):
    whole, halves = parameters(), parameters()
    train(whole, new(groups(whole)), 10)
    first, second = new(groups(halves)), new(groups(halves))
    train(halves, first, 4)
    second.load_state_dict(first.state_dict())
    train(halves, second, 6, first=4)
    assert all(map(torch.equal, whole, halves))


def test_weight_decay_is_of_weights_alone():
    mine, expected = parameters(), parameters()
    train(mine, Momentum(groups(mine), 0.9, weight_decay=0.1), 20)
    by_decay = [
        {"params": expected[:1], "lr": 0.1, "weight_decay": 0.1},
        {"params": expected[1:], "lr": 0.01},
    ]
    train(expected, torch.optim.SGD(by_decay, momentum=0.9), 20)
    for parameter, other in zip(mine, expected, strict=True):
        torch.testing.assert_close(parameter, other)


@pytest.mark.parametrize("new", [lambda groups: Momentum(groups, 0.9), Adam])
def test_the_factor_multiplies_every_rate(new):
    mine, expected = parameters(), parameters()
    optimiser = new(groups(mine))
    optimiser.factor = 0.5
    train(mine, optimiser, 5)
    halved = [group | {"lr": 0.5 * group["lr"]} for group in groups(expected)]
    train(expected, new(halved), 5)
    assert all(map(torch.equal, mine, expected))
