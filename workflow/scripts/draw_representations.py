"""Draws how well each layer of every variant tells drawings apart."""

from binary_activations import command_line
from binary_activations.figures.representations import representations_figure
from binary_activations.figures.style import write_pictures
from binary_activations.reporting.variant_tables import read_variant_tables


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    tables = read_variant_tables(arguments.settings, arguments.replicates, "representations.csv")
    write_pictures(arguments.picture, representations_figure(tables, arguments.settings))


if __name__ == "__main__":
    command_line.run(main)
