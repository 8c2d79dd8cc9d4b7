"""Draws test accuracy against the width of the networks."""

from binary_activations import command_line
from binary_activations.figures.style import write_pictures
from binary_activations.figures.widths import widths_figure
from binary_activations.reporting.tables import first_task, read_metrics


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    settings = arguments.settings
    metrics = first_task(read_metrics(settings, arguments.replicates), settings)
    write_pictures(arguments.picture, widths_figure(metrics, settings))


if __name__ == "__main__":
    command_line.run(main)
