"""Turns the two verified Omniglot archives into labelled 28 x 28 images, a class a character."""

from binary_activations import command_line
from binary_activations.data.preparation import prepare_characters


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "expected", "digests by archive")
    command_line.path_option(parser, "archives", "the two archives", nargs="+")
    command_line.path_option(parser, "arrays", "the .npz file (written)")
    arguments = parser.parse_args()
    archives = {path.name: path for path in arguments.archives}
    prepare_characters(archives, arguments.expected, arguments.arrays)


if __name__ == "__main__":
    command_line.run(main)
