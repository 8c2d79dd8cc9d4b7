"""Tabulates the results of one data set, as CSV and as markdown."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.csv_files import write_csv
from binary_activations.reporting.tables import (
    markdown_table,
    read_metrics,
    read_published,
    result_table,
)


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "published", "the published figures, CSV")
    command_line.path_option(parser, "csv", "the table for programs (written)")
    command_line.path_option(parser, "markdown", "the table for people (written)")
    arguments = parser.parse_args()
    settings = arguments.settings
    metrics = read_metrics(settings, arguments.replicates)
    table = result_table(metrics, read_published(settings, arguments.published), settings)
    write_csv(arguments.csv, table)
    write_atomically(arguments.markdown, markdown_table(table, settings))


if __name__ == "__main__":
    command_line.run(main)
