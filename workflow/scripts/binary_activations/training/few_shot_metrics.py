"""The test metrics of a matching network, as they are kept."""

from binary_activations.training.few_shot import evaluate_episodes
from binary_activations.training.generators import generator
from binary_activations.training.other_evaluations import other_evaluations
from binary_activations.training.task_metrics import task_metrics


def few_shot_metrics(network, characters, episodes, task, seed):
    """Tests a matching network on episodes; stochastic layers draw one sample a drawing.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        characters: a `datasets.Characters`.
        episodes: an `episodes.Episodes` of them.
        task: its name.
        seed: the replicate's, for the generator of stochastic units.

    Returns:
        `task_metrics` and `evaluations` (`other_evaluations`).
    """

    def test(samples=1):
        network.set_generator(generator(seed, "units", characters.drawings.device))
        return evaluate_episodes(network, characters, episodes, samples)

    def means(samples):
        losses, accuracies = test(samples)
        return {"loss": losses.mean().item(), "accuracy": accuracies.mean().item()}

    return {**task_metrics(task, *test()), "evaluations": other_evaluations(network, means)}
