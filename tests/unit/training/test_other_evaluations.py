"""Other evaluations of stochastic networks."""

from binary_activations.networks.evaluations import EVALUATIONS, SAMPLES
from binary_activations.training.classification_metrics import classification_metrics
from binary_activations.training.fit import new_network
from binary_activations.training.generators import generator
from binary_activations.training.outcomes import outcomes
from samples.trainings import digits, units_of


def test_stochastic_networks_are_evaluated_in_other_ways_too():
    network = new_network("mnist", units_of("none"), 3, "cpu")
    images = digits(90)
    found = classification_metrics(network, images, 3)["evaluations"]
    assert set(found) == set(EVALUATIONS)
    network.set_generator(generator(3, "units"))
    losses, _ = outcomes(network, images, SAMPLES)
    assert found["mean_of_samples"]["loss"] == losses.mean().item()
    assert len({entry["loss"] for entry in found.values()}) == len(EVALUATIONS)
    plain = new_network("mnist", units_of(None), 3, "cpu")
    assert classification_metrics(plain, images, 3)["evaluations"] == {}
    deterministic = new_network("mnist", units_of("none", mode="deterministic"), 3, "cpu")
    assert classification_metrics(deterministic, images, 3)["evaluations"] == {}
