"""Draws how often the units of every variant fire."""

import pandas as pd

from binary_activations import command_line
from binary_activations.figures.firing import firing_figure
from binary_activations.figures.style import write_pictures
from binary_activations.study.paths import variant_file


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    settings = arguments.settings
    tables = {
        variant["name"]: pd.read_csv(
            variant_file(arguments.replicates, settings["dataset"], variant["name"], "firing.csv")
        )
        for variant in settings["variants"]
    }
    write_pictures(arguments.picture, firing_figure(tables, settings))


if __name__ == "__main__":
    command_line.run(main)
