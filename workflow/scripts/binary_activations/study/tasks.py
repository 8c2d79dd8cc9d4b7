"""The tasks: a row for each data set, of how its networks are trained and what is made of them."""

from dataclasses import dataclass

ONE_SHOT_TASK = "one-shot runs"


@dataclass(frozen=True)
class Task:
    """What a data set's networks are trained to do.

    Attributes:
        title: what results call the data.
        embedded_title: what they call those that are drawn from fonts.
        archives: the section of the configuration's `archives` that the data are prepared from.
        kind: `few_shot`, where they match drawings of new classes, or `classifier`, where they tell
            known classes apart; programs are named by it.
        confusion: whether a figure shows which class is taken for which.
        notebook: whether there is a notebook of a trained network.
    """

    title: str
    embedded_title: str
    archives: str
    kind: str = "classifier"
    confusion: bool = False
    notebook: bool = True


TASKS = {
    "mnist": Task("MNIST", "embedded digits", "mnist", confusion=True),
    "omniglot": Task("Omniglot", "embedded alphabets", "omniglot", kind="few_shot"),
    # All characters of Omniglot as classes, each with drawings of its own to train and to test.
    "characters": Task("Omniglot characters", "embedded characters", "omniglot", notebook=False),
}


def is_few_shot(dataset):
    """Tells whether a data set's networks match drawings of new classes."""
    return TASKS[dataset].kind == "few_shot"


def task_name(n_way, k_shot):
    """Returns a few-shot task, as metrics and tables name it."""
    return f"{n_way}-way {k_shot}-shot"
