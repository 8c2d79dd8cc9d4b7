"""Test metrics of matching networks."""

from binary_activations.data.episodes import sample_episodes
from binary_activations.networks.evaluations import EVALUATIONS
from binary_activations.training.few_shot import evaluate_episodes
from binary_activations.training.few_shot_metrics import few_shot_metrics
from binary_activations.training.generators import generator
from samples.trainings import few_shot, units_of


def test_few_shot_metrics_are_those_of_every_episode():
    training = few_shot(units_of("none", layers=["conv2"]))
    characters, seed = training.characters, 3
    episodes = sample_episodes(characters, 6, 3, 1, 2, generator(seed, "test"))
    found = few_shot_metrics(training.network, characters, episodes, "3-way 1-shot", seed)
    training.network.set_generator(generator(seed, "units"))
    losses, accuracies = evaluate_episodes(training.network, characters, episodes)
    assert found["task"] == "3-way 1-shot"
    assert found["loss"] == losses.mean().item()
    assert found["accuracies"] == accuracies.tolist()
    assert set(found["evaluations"]) == set(EVALUATIONS)
