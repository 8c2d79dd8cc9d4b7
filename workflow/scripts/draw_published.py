"""Draws the published figures, and beside each the networks that were trained here."""

from binary_activations import command_line
from binary_activations.figures.published import published_figure
from binary_activations.figures.style import write_pictures
from binary_activations.reporting.tables import first_task, read_metrics, read_published


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds of each data set")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "published", "the published figures, CSV")
    command_line.picture_option(parser)
    arguments = parser.parse_args()
    studies = [
        (
            settings,
            first_task(read_metrics(settings, arguments.replicates), settings),
            read_published(settings, arguments.published),
        )
        for settings in arguments.settings["datasets"]
    ]
    write_pictures(arguments.picture, published_figure(studies))


if __name__ == "__main__":
    command_line.run(main)
