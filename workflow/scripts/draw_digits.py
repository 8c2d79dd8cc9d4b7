"""Draws digits from fonts, as the four archives of MNIST."""

from binary_activations import command_line
from binary_activations.data.embedded import draw_digits, write_idx
from binary_activations.data.preparation import MNIST_PARTS


def main():
    parser = command_line.parser(__doc__)
    command_line.path_option(parser, "archives", "the four archives (written)", nargs="+")
    paths = {path.name: path for path in parser.parse_args().archives}
    for (name, _), array in zip(MNIST_PARTS.values(), draw_digits(), strict=True):
        write_idx(paths[name], array)


if __name__ == "__main__":
    command_line.run(main)
