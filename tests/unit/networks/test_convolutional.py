"""The two networks."""

import pytest
import torch

from binary_activations.networks.activations import BinaryActivation, HardSigmoid, ReLU
from binary_activations.networks.convolutional import initialise, mnist_network, omniglot_network
from binary_activations.training.generators import generator

BOTH = {"layers": ["conv1", "conv2"], "mode": "stochastic"}


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
    network = mnist_network({"layers": ["conv2"], "mode": "deterministic"})
    drawings = torch.rand(3, 1, 28, 28)
    activations = network.eval().layer_activations(drawings)
    assert list(activations) == ["conv1", "conv2"]
    assert activations["conv1"].shape == (3, 16, 14, 14)
    assert set(activations["conv2"].unique().tolist()) <= {0.0, 1.0}
    output = network.head(activations["conv2"].flatten(1))
    torch.testing.assert_close(output, network(drawings))


def test_the_slope_reaches_every_layer():
    network = mnist_network({"layers": ["conv2"], "mode": "deterministic"})
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


def test_what_lies_below_the_last_binary_layer():
    counts = []
    for layers in ([], ["conv1"], ["conv2"], ["conv1", "conv2"]):
        network = mnist_network(BOTH | {"layers": layers})
        assert list(network.binary_layers) == layers
        counts.append(len(network.parameters_below_binary()))
    assert counts == [0, 4, 8, 8]


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match="float16"):
        mnist_network({"layers": []}).set_precision("float16")
    with pytest.raises(ValueError, match="conv3.*conv1, conv2"):
        mnist_network(BOTH | {"layers": ["conv3"]})
    with pytest.raises(ValueError, match="random.*deterministic, stochastic"):
        BinaryActivation("random")


def test_initial_weights_depend_on_the_seed_alone():
    networks = [omniglot_network({"layers": []}) for _ in range(3)]
    for network, seed in zip(networks, (3, 3, 4), strict=True):
        initialise(network, generator(seed, "weights"))
    weights = [network.layers["conv2"][0].weight for network in networks]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    bound = (9 * 64) ** -0.5
    assert 0.99 * bound < weights[0].abs().max() <= bound


def test_layers_may_have_another_activation():
    network = mnist_network(
        {"layers": ["conv2"], "mode": "stochastic", "activations": {"conv1": "relu"}}
    )
    kinds = [type(layer[-1]) for layer in network.layers.values()]
    assert kinds == [ReLU, BinaryActivation]
    network = omniglot_network({"layers": [], "activations": {"conv4": "hard_sigmoid"}})
    kinds = [type(layer[-1]) for layer in network.layers.values()]
    assert kinds == [ReLU, ReLU, ReLU, HardSigmoid]


def test_a_learned_scale_multiplies_the_embeddings():
    plain = omniglot_network({"layers": []}).eval()
    scaled = omniglot_network({"layers": [], "distance_scale": "learned"}).eval()
    assert scaled.load_state_dict(plain.state_dict(), strict=False).missing_keys == ["head.factor"]
    drawings = torch.rand(3, 1, 28, 28)
    assert torch.equal(scaled(drawings), plain(drawings))
    with torch.no_grad():
        scaled.head.factor.fill_(3.0)
    torch.testing.assert_close(scaled(drawings), 3.0 * plain(drawings))
    scaled(drawings).sum().backward()
    assert scaled.head.factor.grad is not None


def test_the_shape_of_a_network_may_be_changed():
    shape = {"channels": [10, 20], "kernel_size": 3, "activation": "relu"}
    for pooling in ("max", "stride"):
        network = mnist_network({"layers": [], "network": shape | {"pooling": pooling}})
        # 3 x 3 filters with biases, batch norm's scale and shift, and the linear layer.
        expected = (9 + 3) * 10 + (90 + 3) * 20 + (20 * 7 * 7 + 1) * 10
        assert sum(parameter.numel() for parameter in network.parameters()) == expected
        activations = network.eval().layer_activations(torch.rand(2, 1, 28, 28))
        assert activations["conv1"].shape == (2, 10, 14, 14)
        assert activations["conv2"].shape == (2, 20, 7, 7)
        assert isinstance(network.layers["conv1"][-1], ReLU)
    network = omniglot_network({"layers": [], "network": {"pooling": "stride"}})
    assert network(torch.rand(2, 1, 28, 28)).shape == (2, 64 * 2 * 2)


@pytest.mark.parametrize("shape", [{"pooling": "stride"}, {"normalisation": "after_pooling"}])
def test_evaluation_is_the_layers_one_after_the_other(shape):
    network = mnist_network({"layers": [], "network": shape})
    for _ in range(3):  # moves the running moments
        network(torch.rand(8, 1, 28, 28))
    drawings = torch.rand(4, 1, 28, 28)
    at_once = network.eval().layers["conv1"](drawings)
    with torch.no_grad():
        torch.testing.assert_close(network.layers["conv1"](drawings), at_once)


def test_batch_norm_after_pooling_gives_each_channel_mean_zero():
    network = mnist_network({"layers": [], "network": {"normalisation": "after_pooling"}})
    z = network.layers["conv1"][:2](torch.rand(16, 1, 28, 28))
    torch.testing.assert_close(z.mean((0, 2, 3)), torch.zeros(16), atol=1e-5, rtol=0)


def test_a_share_of_the_channels_may_be_binary():
    units = {"layers": ["conv2"], "mode": "deterministic", "share": 0.25}
    network = mnist_network(units | {"network": {"activation": "relu"}})
    network.set_slope(2.0)
    drawings = torch.rand(4, 1, 28, 28)
    activations = network.layer_activations(drawings)["conv2"]
    z = network.layers["conv2"][:2](network.layers["conv1"](drawings))
    assert torch.equal(activations[:, :8], (z[:, :8] > 0).float())
    assert torch.equal(activations[:, 8:], (2.0 * z[:, 8:]).relu())
    assert list(network.binary_layers) == ["conv2"]
    assert len(network.parameters_below_binary()) == 8


def test_signed_states_are_minus_one_and_one():
    network = mnist_network(BOTH | {"layers": ["conv1"], "states": "signed"})
    network.set_generator(generator(0, "units"))
    drawings = torch.rand(4, 1, 28, 28)
    assert set(network.layers["conv1"](drawings).unique().tolist()) == {-1.0, 1.0}
    z = torch.tensor([0.5])
    torch.testing.assert_close(network.binary_layers["conv1"].mean_field(z), z)


def test_the_firing_penalty_pulls_units_towards_firing_half_of_the_time():
    units = BOTH | {"layers": ["conv1"], "firing_penalty": 0.5}
    network = mnist_network(units)
    network.set_generator(generator(0, "units"))
    network.set_slope(2.0)
    drawings = torch.rand(4, 1, 28, 28)
    z = network.layers["conv1"][:2](drawings)
    network.layers["conv1"][-1](z)
    expected = 0.5 * (((2.0 * z + 1.0) / 2.0).mean(0) - 0.5).square().mean()
    torch.testing.assert_close(network.penalty(), expected)
    unit = network.binary_layers["conv1"]
    silent = torch.full((3, 2), -5.0, requires_grad=True)
    unit(silent)
    unit.penalty.backward()
    assert (silent.grad < 0).all()  # a step of descent raises z
    assert mnist_network(BOTH).penalty() == 0
