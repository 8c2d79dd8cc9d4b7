"""Train one replicate of one variant of the Omniglot matching network.

A checkpoint beside the model is written every epoch; run again after a kill, training goes on
from it to the same bytes. It is removed once the model is written.
"""

from binary_activations import command_line
from binary_activations.data.datasets import load_omniglot
from binary_activations.data.episodes import sample_episodes
from binary_activations.estimators.score_functions import new_score_function
from binary_activations.study.code_digest import code_digest
from binary_activations.training.checkpoints import Checkpoint, save_model, training_identity
from binary_activations.training.devices import set_up_device
from binary_activations.training.few_shot import evaluate_episodes, omniglot_epoch
from binary_activations.training.fit import fit, new_network, parameter_groups, write_history
from binary_activations.training.generators import generator
from binary_activations.training.optimisers import Adam


def main():
    parser = command_line.parser(__doc__)
    command_line.replicate_options(parser)
    command_line.path_option(parser, "model", "the trained network (written)")
    command_line.path_option(parser, "history", "losses and accuracies by epoch (written)")
    arguments = parser.parse_args()
    settings, seed, threads = arguments.settings, arguments.seed, arguments.threads
    training, validation = settings["training"], settings["validation"]
    device = set_up_device(settings["device"], threads)

    characters = load_omniglot(arguments.data, "background", device)
    characters, held_out = characters.hold_out_alphabets(
        validation["alphabets"], generator(seed, "split")
    )
    network = new_network("omniglot", settings["variant"], seed, device, settings["precision"])
    optimiser = Adam(parameter_groups(network, training))
    score_function = new_score_function(training, training["n_way"], device)
    order = generator(seed, "order")
    validation_episodes = sample_episodes(
        held_out,
        validation["episodes"],
        validation["n_way"],
        validation["k_shot"],
        validation["queries"],
        generator(seed, "validation"),
    )

    def train_epoch():
        return omniglot_epoch(network, optimiser, characters, training, order, score_function)

    def validate():
        losses, accuracies = evaluate_episodes(network, held_out, validation_episodes)
        return losses.mean().item(), accuracies.mean().item()

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
    save_model(arguments.model, "omniglot", settings["variant"], weights, slope)
    checkpoint.remove()


if __name__ == "__main__":
    command_line.run(main)
