"""Draws which digits every variant takes for which."""

from binary_activations import command_line
from binary_activations.figures.confusion import confusion_figure
from binary_activations.figures.style import write_pictures
from binary_activations.reporting.tables import read_metrics


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    metrics = read_metrics(arguments.settings, arguments.replicates)
    write_pictures(arguments.picture, confusion_figure(metrics, arguments.settings))


if __name__ == "__main__":
    command_line.run(main)
