"""Tabulates which differences between the variants of one data set are larger than their noise."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.differences import differences, differences_markdown
from binary_activations.reporting.tables import read_metrics


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "csv", "the table for programs (written)")
    command_line.path_option(parser, "markdown", "the table for people (written)")
    arguments = parser.parse_args()
    settings = arguments.settings
    table = differences(read_metrics(settings, arguments.replicates), settings)
    csv = table.drop(columns="by_seed").to_csv(index=False, lineterminator="\n")
    write_atomically(arguments.csv, csv)
    write_atomically(arguments.markdown, differences_markdown(table, settings))


if __name__ == "__main__":
    command_line.run(main)
