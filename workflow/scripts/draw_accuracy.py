"""Draws every variant's test accuracy beside the published one."""

from binary_activations import command_line
from binary_activations.figures.results import accuracy_figure
from binary_activations.figures.style import write_pictures
from binary_activations.reporting.tables import (
    first_task,
    read_metrics,
    read_published,
    result_table,
)


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "published", "the published figures, CSV")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    settings = arguments.settings
    metrics = read_metrics(settings, arguments.replicates)
    table = result_table(metrics, read_published(settings, arguments.published), settings)
    shown = (first_task(part, settings) for part in (metrics, table))
    write_pictures(arguments.picture, accuracy_figure(*shown, settings))


if __name__ == "__main__":
    command_line.run(main)
