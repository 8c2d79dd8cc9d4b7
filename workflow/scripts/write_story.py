"""Writes the study in short: a list for each question, with numbers from the results."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.comparisons import comparisons
from binary_activations.reporting.story import story
from binary_activations.reporting.tables import by_task, first_task, read_metrics


def compared(metrics, settings):
    """Returns what the story is told of one task from: as `story.story` takes it."""
    table, _ = comparisons(metrics, settings)
    return settings, first_task(metrics, settings), table


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants and seeds of every data set")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "text", "the text, markdown or RST (written)")
    arguments = parser.parse_args()
    studies, further = [], []
    for settings in arguments.settings["datasets"]:
        metrics = read_metrics(settings, arguments.replicates)
        first, *others = (compared(metrics, of_task) for of_task in by_task(settings))
        studies.append(first)
        further += others
    write_atomically(arguments.text, story(studies, further))


if __name__ == "__main__":
    command_line.run(main)
