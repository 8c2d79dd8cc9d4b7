"""What layers do, from known networks."""

import torch

from binary_activations.inspection.layers import filter_excitations, most_exciting
from binary_activations.networks.convolutional import mnist_network


def test_filters_are_excited_by_every_drawing():
    network = mnist_network({"layers": ["conv1"], "mode": "stochastic"})
    drawings = torch.rand(600, 1, 28, 28)
    found = filter_excitations(network, drawings, torch.Generator().manual_seed(0))
    assert found["conv2"].shape == (600, 32)
    network.set_generator(torch.Generator().manual_seed(0))
    with torch.inference_mode():
        activations = network.layer_activations(drawings[:500])["conv1"]
    assert torch.equal(found["conv1"][:500], activations.mean((2, 3)))


def test_the_most_exciting_drawings_come_first_and_never_fill_up():
    drawings = torch.arange(4.0).view(4, 1, 1, 1)
    excitations = torch.tensor([[0.0, 0.3], [0.2, 0.4], [0.0, 0.1], [0.0, 0.2]])
    found = most_exciting(excitations, drawings, 3)
    assert found.shape == (3, 2, 1, 1)
    assert found[:, 1, 0, 0].tolist() == [1, 0, 3]
    assert found[0, 0, 0, 0] == 1
    assert found[1:, 0].isnan().all()


def test_signed_units_excite_a_filter_as_often_as_they_fire():
    units = {"layers": ["conv1", "conv2"], "mode": "deterministic"}
    drawings = torch.rand(5, 1, 28, 28)
    for share in (1, 0.5):
        found = []
        for states in (None, "signed"):
            torch.manual_seed(0)
            network = mnist_network(units | {"states": states, "share": share})
            found.append(filter_excitations(network, drawings, torch.Generator())["conv1"])
        torch.testing.assert_close(found[0], found[1])
        assert (found[1][:, :8] > 0).any()
