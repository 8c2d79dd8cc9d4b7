"""Draws the validation accuracy of every variant of a sweep at each learning rate."""

import pandas as pd

from binary_activations import command_line
from binary_activations.figures.style import write_pictures
from binary_activations.figures.sweep import sweep_figure


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants, rates and seeds")
    command_line.path_option(parser, "table", "the sweep's table, CSV")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.table)
    write_pictures(arguments.picture, sweep_figure(table, arguments.settings))


if __name__ == "__main__":
    command_line.run(main)
