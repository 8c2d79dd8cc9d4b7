"""Draws what one replicate of the matching network does, and counts how often its units fire.

One process loads the network once. It draws the heatmaps, and for each layer its filters, its
activations and the drawings that excite it. It also draws one test episode, with support set,
queries and attention, and tells how well the nearest neighbour by each layer's activations
classifies the queries of others.
"""

from binary_activations import command_line
from binary_activations.data.datasets import load_omniglot
from binary_activations.data.episodes import sample_episodes
from binary_activations.figures.episodes import episode_figure
from binary_activations.figures.replicate import picture_options, write_pictures
from binary_activations.figures.style import write_figure
from binary_activations.inspection.episodes import one_episode
from binary_activations.inspection.representations import nearest_in_episodes
from binary_activations.reporting.csv_files import write_csv
from binary_activations.training.generators import generator

EPISODES = 200  # whose queries the nearest neighbours classify


def main():
    parser = command_line.parser(__doc__)
    picture_options(parser)
    command_line.path_option(parser, "episode", "the episode, PNG (written)")
    arguments = parser.parse_args()
    network, settings = write_pictures(arguments), arguments.settings
    network.set_generator(generator(settings["seed"], "units"))
    characters = load_omniglot(arguments.data, "evaluation")
    order = generator(settings["seed"], "test")
    episode = one_episode(network, characters, settings["n_way"], settings["k_shot"], order)
    write_figure(arguments.episode, episode_figure(*episode, settings))
    shape = settings["n_way"], settings["k_shot"]
    episodes = sample_episodes(characters, EPISODES, *shape, 1, generator(settings["seed"], "test"))
    units = generator(settings["seed"], "units")
    table = nearest_in_episodes(network, characters, episodes, units)
    write_csv(arguments.representations, table)


if __name__ == "__main__":
    command_line.run(main)
