"""Tests one replicate of a network that classifies on the test images."""

import json

from binary_activations import command_line
from binary_activations.data.datasets import load_images
from binary_activations.files import write_atomically
from binary_activations.training.classification_metrics import classification_metrics
from binary_activations.training.devices import set_up_device
from binary_activations.training.machine import machine
from binary_activations.training.models import load_model


def main():
    parser = command_line.parser(__doc__)
    command_line.replicate_options(parser)
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(
        parser, "metrics", "test loss, accuracy and each image's outcome, JSON (written)"
    )
    arguments = parser.parse_args()
    device = set_up_device(arguments.settings["device"], arguments.threads)
    network = load_model(arguments.model, device)
    images = load_images(arguments.data, "test", device)
    metrics = classification_metrics(network, images, arguments.seed)
    metrics["machine"] = machine(device, arguments.threads)
    write_atomically(arguments.metrics, json.dumps(metrics) + "\n")


if __name__ == "__main__":
    command_line.run(main)
