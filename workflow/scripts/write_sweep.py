"""Tabulates a sweep over learning rates of one data set, and chooses a rate for each variant."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.csv_files import write_csv
from binary_activations.reporting.sweep import read_sweep, sweep_markdown


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants, rates and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "csv", "the table for programs (written)")
    command_line.path_option(parser, "markdown", "the table for people (written)")
    arguments = parser.parse_args()
    table = read_sweep(arguments.settings, arguments.replicates)
    write_csv(arguments.csv, table)
    write_atomically(arguments.markdown, sweep_markdown(table, arguments.settings))


if __name__ == "__main__":
    command_line.run(main)
