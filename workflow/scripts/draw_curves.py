"""Draws the learning curves of every variant."""

import pandas as pd

from binary_activations import command_line
from binary_activations.figures.results import curves_figure
from binary_activations.figures.style import write_pictures
from binary_activations.study.paths import replicate_file


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    settings = arguments.settings
    histories = {
        variant["name"]: [
            pd.read_csv(
                replicate_file(
                    arguments.replicates, settings["dataset"], variant["name"], seed, "history.csv"
                )
            )
            for seed in settings["seeds"]
        ]
        for variant in settings["variants"]
    }
    write_pictures(arguments.picture, curves_figure(histories, settings))


if __name__ == "__main__":
    command_line.run(main)
