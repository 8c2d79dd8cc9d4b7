"""The tasks: which data sets are learned from few examples, and what few-shot tasks are called."""

ONE_SHOT_TASK = "one-shot runs"


def is_few_shot(dataset):
    """Tells whether a data set's networks match drawings of new classes."""
    return dataset == "omniglot"


def task_name(n_way, k_shot):
    """Returns a few-shot task, as metrics and tables name it."""
    return f"{n_way}-way {k_shot}-shot"
