"""Draw one test episode of a trained replicate: support set, queries and attention."""

from binary_activations import command_line
from binary_activations.checkpoints import load_model
from binary_activations.datasets import load_omniglot
from binary_activations.devices import set_up_device
from binary_activations.episode_figures import episode_figure, one_episode
from binary_activations.generators import generator
from binary_activations.style import write_figure


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variant, n_way, k_shot and seed")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    command_line.path_option(parser, "data", "the prepared arrays")
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(parser, "picture", "the figure, PNG (written)")
    arguments = parser.parse_args()
    settings = arguments.settings

    network = load_model(arguments.model, set_up_device("cpu", arguments.threads))
    network.set_generator(generator(settings["seed"], "units"))
    characters = load_omniglot(arguments.data, "evaluation")
    order = generator(settings["seed"], "test")
    episode = one_episode(network, characters, settings["n_way"], settings["k_shot"], order)
    write_figure(arguments.picture, episode_figure(*episode, settings))


if __name__ == "__main__":
    command_line.run(main)
