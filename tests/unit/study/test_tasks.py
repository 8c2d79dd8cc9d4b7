"""The names of tasks."""

from binary_activations.study.tasks import is_few_shot, task_name


def test_omniglot_alone_is_few_shot():
    assert is_few_shot("omniglot")
    assert not is_few_shot("mnist")


def test_a_task_is_named_by_ways_and_shots():
    assert task_name(20, 5) == "20-way 5-shot"
