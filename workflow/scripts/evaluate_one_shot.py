"""Tests one replicate of the matching network on the original one-shot runs."""

import json

from binary_activations import command_line
from binary_activations.data.one_shot_runs import load_runs
from binary_activations.files import write_atomically
from binary_activations.study.tasks import ONE_SHOT_TASK
from binary_activations.training.devices import set_up_device
from binary_activations.training.generators import generator
from binary_activations.training.models import load_model
from binary_activations.training.one_shot import evaluate_runs
from binary_activations.training.task_metrics import task_metrics


def main():
    parser = command_line.parser(__doc__)
    command_line.replicate_options(parser)
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(parser, "metrics", "test loss and accuracy, JSON (written)")
    arguments = parser.parse_args()
    device = set_up_device(arguments.settings["device"], arguments.threads)
    network = load_model(arguments.model, device)
    network.set_generator(generator(arguments.seed, "units", device))
    support, queries = load_runs(arguments.data)
    results = evaluate_runs(network, support.to(device), queries.to(device))
    metrics = {"tasks": [task_metrics(ONE_SHOT_TASK, *results)]}
    write_atomically(arguments.metrics, json.dumps(metrics) + "\n")


if __name__ == "__main__":
    command_line.run(main)
