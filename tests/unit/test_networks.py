import pytest
import torch

from binary_activations.networks.activations import BinaryActivation
from binary_activations.networks.convolutional import initialise, mnist_network, omniglot_network
from binary_activations.training.generators import STREAMS, generator
from binary_activations.training.slopes import slope_at

BOTH = {"layers": ["conv1", "conv2"], "mode": "stochastic", "estimator": "reinforce"}


@pytest.mark.parametrize(
    ("slope", "expected"),
    [
        ({"schedule": "constant"}, [1, 1, 1]),
        ({"schedule": "geometric", "rate": 1.005, "maximum": 5}, [1, 1.005, 1.005**2]),
        ({"schedule": "geometric", "rate": 3, "maximum": 5}, [1, 3, 5]),
        ({"schedule": "geometric", "rate": 1000, "maximum": 5}, [1, 5, 5]),
        ({"schedule": "linear", "step": 0.04, "maximum": 5}, [1, 1.04, 1.08]),
        ({"schedule": "linear", "step": 3, "maximum": 5}, [1, 4, 5]),
    ],
)
def test_slope_schedules(slope, expected):
    assert [slope_at(slope, epoch) for epoch in range(3)] == pytest.approx(expected)


def test_a_geometric_slope_does_not_overflow():
    assert slope_at({"schedule": "geometric", "rate": 1000, "maximum": 7}, 10**6) == 7


def test_an_unknown_slope_schedule_is_named():
    with pytest.raises(ValueError, match="cosine"):
        slope_at({"schedule": "cosine"}, 0)


def test_shapes_and_parameter_counts():
    mnist = mnist_network({"layers": []})
    assert sum(parameter.numel() for parameter in mnist.parameters()) == 29_034
    assert mnist(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    omniglot = omniglot_network({"layers": []})
    # 3 x 3 filters with biases and batch norm's scale and shift, layer by layer.
    expected = (9 + 3) * 64 + 3 * (9 * 64 + 3) * 64
    assert sum(parameter.numel() for parameter in omniglot.parameters()) == expected
    assert omniglot(torch.zeros(2, 1, 28, 28)).shape == (2, 64)


def test_layer_activations_are_those_of_the_forward_pass():
    network = mnist_network({"layers": ["conv2"], "mode": "deterministic", "estimator": "none"})
    drawings = torch.rand(3, 1, 28, 28)
    activations = network.eval().layer_activations(drawings)
    assert list(activations) == ["conv1", "conv2"]
    assert activations["conv1"].shape == (3, 16, 14, 14)
    assert set(activations["conv2"].unique().tolist()) <= {0.0, 1.0}
    output = network.head(activations["conv2"].flatten(1))
    torch.testing.assert_close(output, network(drawings))


def test_the_slope_reaches_every_layer():
    network = mnist_network({"layers": ["conv2"], "mode": "deterministic", "estimator": "none"})
    network.eval().set_slope(2.5)
    drawings = torch.randn(2, 1, 28, 28)
    z = network.layers["conv1"][:2](drawings)
    torch.testing.assert_close(
        network.layer_activations(drawings)["conv1"], ((2.5 * z + 1) / 2).clamp(0, 1)
    )
    assert network.layers["conv2"][-1].slope == 2.5


def test_bfloat16_rounds_the_convolutions_above_the_first_in_training_alone():
    exact, rounded = (omniglot_network({"layers": []}) for _ in range(2))
    rounded.load_state_dict(exact.state_dict())
    rounded.set_precision("bfloat16")
    drawings = torch.rand(6, 1, 28, 28)
    convolutions = [layer[0] for layer in rounded.layers.values()]
    assert [c.precision for c in convolutions] == ["float32"] + 3 * ["bfloat16"]
    inputs = torch.randn(2, 64, 5, 5)
    output, expected = convolutions[1](inputs), exact.layers["conv2"][0](inputs)
    assert output.dtype == torch.float32
    assert 0 < (output - expected).abs().max() < 2**-5 * expected.abs().max()
    rounded(drawings).square().sum().backward()
    assert all(parameter.grad.dtype == torch.float32 for parameter in rounded.parameters())
    rounded.load_state_dict(exact.state_dict())
    assert torch.equal(exact.eval()(drawings), rounded.eval()(drawings))


def test_score_function_parameters_lie_below_the_last_reinforce_layer():
    counts = []
    for layers in ([], ["conv1"], ["conv2"], ["conv1", "conv2"]):
        network = mnist_network(BOTH | {"layers": layers})
        counts.append(len(network.score_function_parameters()))
    assert counts == [0, 4, 8, 8]
    straight = mnist_network(BOTH | {"estimator": "straight_through"})
    assert straight.score_function_parameters() == []
    assert straight.take_states() == {}


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match="float16"):
        mnist_network({"layers": []}).set_precision("float16")
    with pytest.raises(ValueError, match="conv3.*conv1, conv2"):
        mnist_network(BOTH | {"layers": ["conv3"]})
    with pytest.raises(ValueError, match="random.*deterministic, stochastic"):
        BinaryActivation("random", "none")
    with pytest.raises(
        ValueError, match="magic.*straight_through, gumbel_softmax, reinmax, reinforce, none"
    ):
        BinaryActivation("stochastic", "magic")


def test_initial_weights_depend_on_the_seed_alone():
    networks = [omniglot_network({"layers": []}) for _ in range(3)]
    for network, seed in zip(networks, (3, 3, 4), strict=True):
        initialise(network, generator(seed, "weights"))
    weights = [network.layers["conv2"][0].weight for network in networks]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    bound = (9 * 64) ** -0.5
    assert 0.99 * bound < weights[0].abs().max() <= bound


def test_streams_are_independent():
    draws = {tuple(torch.rand(3, generator=generator(0, stream)).tolist()) for stream in STREAMS}
    assert len(draws) == len(STREAMS)
