"""The few-shot tasks, as metrics and tables name them."""

ONE_SHOT_TASK = "one-shot runs"


def task_name(n_way, k_shot):
    """A few-shot task, as metrics and tables name it."""
    return f"{n_way}-way {k_shot}-shot"
