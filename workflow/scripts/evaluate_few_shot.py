"""Tests one replicate of the matching network on episodes of the evaluation characters.

The episodes depend on the seed alone, so all variants of one seed are tested on the same ones.
"""

import itertools
import json

from binary_activations import command_line
from binary_activations.data.datasets import load_omniglot
from binary_activations.data.episodes import sample_episodes
from binary_activations.files import write_atomically
from binary_activations.study.tasks import task_name
from binary_activations.training.devices import set_up_device
from binary_activations.training.few_shot_metrics import few_shot_metrics
from binary_activations.training.generators import generator
from binary_activations.training.machine import machine
from binary_activations.training.models import load_model


def main():
    parser = command_line.parser(__doc__)
    command_line.replicate_options(parser)
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(
        parser,
        "metrics",
        "test loss and accuracy by task, with each episode's accuracy, JSON (written)",
    )
    arguments = parser.parse_args()
    test = arguments.settings["test"]
    device = set_up_device(arguments.settings["device"], arguments.threads)
    network = load_model(arguments.model, device)
    characters = load_omniglot(arguments.data, "evaluation", device)
    tasks = []
    for n_way, k_shot in itertools.product(test["n_way"], test["k_shot"]):
        episodes = sample_episodes(
            characters,
            test["episodes"],
            n_way,
            k_shot,
            test["queries"],
            generator(arguments.seed, "test"),
        )
        task = task_name(n_way, k_shot)
        tasks.append(few_shot_metrics(network, characters, episodes, task, arguments.seed))
    metrics = {"tasks": tasks, "machine": machine(device, arguments.threads)}
    write_atomically(arguments.metrics, json.dumps(metrics) + "\n")


if __name__ == "__main__":
    command_line.run(main)
