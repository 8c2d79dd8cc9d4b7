"""Tabulates the differences between the variants of one data set, with their noise and verdict."""

import pandas as pd

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.comparisons import comparisons, comparisons_markdown
from binary_activations.reporting.csv_files import write_csv
from binary_activations.reporting.tables import by_task, read_metrics


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "csv", "the table for programs (written)")
    command_line.path_option(parser, "markdown", "the table for people (written)")
    arguments = parser.parse_args()
    settings = arguments.settings
    metrics = read_metrics(settings, arguments.replicates)
    tables, texts = [], []
    for of_task in by_task(settings):
        table, noise = comparisons(metrics, of_task)
        tables.append(table.assign(title=of_task["title"]))
        heading = f"### {of_task['title']}\n\n" if texts else ""
        texts.append(heading + comparisons_markdown(table, noise, of_task))
    write_csv(arguments.csv, pd.concat(tables))
    write_atomically(arguments.markdown, "\n".join(texts))


if __name__ == "__main__":
    command_line.run(main)
