"""Trains one replicate of one variant of a network that classifies.

It writes a checkpoint beside the model every epoch. After a kill, the next run resumes from it and
makes the same bytes. The checkpoint is removed once the model is written.
"""

from binary_activations import command_line
from binary_activations.data.datasets import load_images
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.devices import set_up_device
from binary_activations.training.fit import run, training_options


def main():
    parser = command_line.parser(__doc__)
    training_options(parser)
    arguments = parser.parse_args()
    device = set_up_device(arguments.settings["device"], arguments.threads)
    data = load_images(arguments.data, "train", device)
    training = ClassificationTraining(arguments.settings, arguments.seed, data, device)
    run(training, arguments)


if __name__ == "__main__":
    command_line.run(main)
