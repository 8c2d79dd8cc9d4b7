"""Tabulates the differences between the variants of one data set, with their noise and verdict."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.comparisons import comparisons, comparisons_markdown
from binary_activations.reporting.csv_files import write_csv
from binary_activations.reporting.tables import read_metrics


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "csv", "the table for programs (written)")
    command_line.path_option(parser, "markdown", "the table for people (written)")
    arguments = parser.parse_args()
    settings = arguments.settings
    table, noise = comparisons(read_metrics(settings, arguments.replicates), settings)
    write_csv(arguments.csv, table)
    write_atomically(arguments.markdown, comparisons_markdown(table, noise, settings))


if __name__ == "__main__":
    command_line.run(main)
