"""Train one replicate of one variant of the MNIST network.

A checkpoint beside the model is written every epoch; run again after a kill, training goes on
from it to the same bytes. It is removed once the model is written.
"""

from binary_activations import command_line
from binary_activations.data.datasets import MNIST_CLASSES, load_mnist, split
from binary_activations.estimators.score_functions import new_score_function
from binary_activations.study.code_digest import code_digest
from binary_activations.training.checkpoints import Checkpoint, save_model, training_identity
from binary_activations.training.classification import evaluate_classifier, mnist_epoch
from binary_activations.training.devices import set_up_device
from binary_activations.training.fit import fit, new_network, parameter_groups, write_history
from binary_activations.training.generators import generator
from binary_activations.training.optimisers import Momentum


def main():
    parser = command_line.parser(__doc__)
    command_line.replicate_options(parser)
    command_line.path_option(parser, "model", "the trained network (written)")
    command_line.path_option(parser, "history", "losses and accuracies by epoch (written)")
    arguments = parser.parse_args()
    settings, seed, threads = arguments.settings, arguments.seed, arguments.threads
    training = settings["training"]
    device = set_up_device(settings["device"], threads)

    images = load_mnist(arguments.data, "train", device)
    images, held_out = split(images, training["validation_images"], generator(seed, "split"))
    network = new_network("mnist", settings["variant"], seed, device, settings["precision"])
    optimiser = Momentum(parameter_groups(network, training), training["momentum"])
    score_function = new_score_function(training, MNIST_CLASSES, device)
    order = generator(seed, "order")

    def train_epoch():
        batch_size = training["batch_size"]
        return mnist_epoch(network, optimiser, images, batch_size, order, score_function)

    def validate():
        metrics = evaluate_classifier(network, held_out)
        return metrics["loss"], metrics["accuracy"]

    identity = training_identity(settings, seed, threads, arguments.data, code_digest(__file__))
    checkpoint = Checkpoint(arguments.model.with_name("checkpoint.pt"), identity)
    stateful = {
        "optimiser": optimiser,
        "units": network.generator,
        "order": order,
        "score_function": score_function,
    }
    weights, slope, history = fit(
        network, stateful, settings["slope"], training["epochs"], train_epoch, validate, checkpoint
    )
    write_history(arguments.history, history)
    save_model(arguments.model, "mnist", settings["variant"], weights, slope)
    checkpoint.remove()


if __name__ == "__main__":
    command_line.run(main)
