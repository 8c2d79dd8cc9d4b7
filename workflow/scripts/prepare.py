"""Turns a data set's archives, verified, into one file of 28 x 28 arrays."""

from binary_activations import command_line
from binary_activations.data.preparation import PREPARATIONS


def main():
    parser = command_line.parser(__doc__)
    parser.add_argument("--dataset", required=True, choices=PREPARATIONS, help="the data set")
    command_line.json_option(parser, "expected", "digests by archive")
    command_line.path_option(parser, "archives", "its archives", nargs="+")
    command_line.path_option(parser, "arrays", "the .npz file (written)")
    arguments = parser.parse_args()
    archives = {path.name: path for path in arguments.archives}
    PREPARATIONS[arguments.dataset](archives, arguments.expected, arguments.arrays)


if __name__ == "__main__":
    command_line.run(main)
