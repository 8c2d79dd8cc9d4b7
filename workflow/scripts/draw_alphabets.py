"""Draws alphabets from fonts, as the two archives of Omniglot."""

from binary_activations import command_line
from binary_activations.data.embedded import BACKGROUND, EVALUATION, draw_alphabets, write_drawings
from binary_activations.data.preparation import OMNIGLOT_ARCHIVES


def main():
    parser = command_line.parser(__doc__)
    command_line.path_option(parser, "archives", "the two archives (written)", nargs="+")
    paths = {path.name: path for path in parser.parse_args().archives}
    for subset, alphabets in (("background", BACKGROUND), ("evaluation", EVALUATION)):
        path = paths[OMNIGLOT_ARCHIVES[subset]]
        write_drawings(path, f"images_{subset}", draw_alphabets(alphabets))


if __name__ == "__main__":
    command_line.run(main)
