"""Draws the differences between the variants of one data set, with their intervals."""

import pandas as pd

from binary_activations import command_line
from binary_activations.figures.differences import differences_figure
from binary_activations.figures.style import write_pictures


def main():
    parser = command_line.parser(__doc__)
    command_line.path_option(parser, "table", "the differences, CSV")
    parser.add_argument("--title", required=True, help="of the data set")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.table)
    of_task = table[table["title"] == arguments.title]
    figure = differences_figure(of_task, arguments.title)
    write_pictures(arguments.picture, figure)


if __name__ == "__main__":
    command_line.run(main)
