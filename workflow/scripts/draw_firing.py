"""Draw how often the binary units of every variant fire."""

import pandas as pd

from binary_activations import command_line
from binary_activations.figures.firing import firing_figure
from binary_activations.figures.style import write_figure


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants")
    command_line.path_option(parser, "results", "the data set's replicates")
    command_line.path_option(parser, "picture", "the figure, PNG (written)")
    arguments = parser.parse_args()
    rates = {
        variant["name"]: pd.read_csv(arguments.results / variant["name"] / "firing.csv")
        for variant in arguments.settings["variants"]
    }
    write_figure(arguments.picture, firing_figure(rates, arguments.settings))


if __name__ == "__main__":
    command_line.run(main)
