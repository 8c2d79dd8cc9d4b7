"""Writes the summary page: tables, pictures, notes and costs."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.summary import summary_page


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "title, variants and seeds")
    command_line.path_option(parser, "results", "the results")
    command_line.path_option(parser, "published", "the published figures, CSV")
    command_line.path_option(parser, "summary", "the page, markdown (written)")
    arguments = parser.parse_args()
    page = summary_page(arguments.results, arguments.settings, arguments.published)
    write_atomically(arguments.summary, page)


if __name__ == "__main__":
    command_line.run(main)
