"""Fetches one archive from a mirror or from its official sources, and verifies it."""

from binary_activations import command_line
from binary_activations.data.downloads import fetch


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "expected", "digests of the archive")
    parser.add_argument("--sources", nargs="+", required=True, help="folders or base URLs")
    command_line.path_option(parser, "archive", "the archive (written)")
    arguments = parser.parse_args()
    fetch(arguments.archive.name, arguments.sources, arguments.expected, arguments.archive)


if __name__ == "__main__":
    command_line.run(main)
