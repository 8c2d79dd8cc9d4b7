"""The test metrics of a few-shot task, as they are kept."""


def task_metrics(task, losses, accuracies):
    """Summarises one task for a metrics file.

    Args:
        task: its name, for example `5-way 1-shot`.
        losses: of each episode, in nats: float64 [episodes].
        accuracies: of each episode, from 0 to 1: float64 [episodes].

    Returns:
        `task`, the mean `loss` and `accuracy`, and the list of `accuracies`.
    """
    return {
        "task": task,
        "loss": losses.mean().item(),
        "accuracy": accuracies.mean().item(),
        "accuracies": accuracies.tolist(),
    }
