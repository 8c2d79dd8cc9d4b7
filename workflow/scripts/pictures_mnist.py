"""Draws what one replicate of the MNIST network does, and counts how often its units fire.

One process loads the network once. It draws the heatmaps, and for each layer its filters, its
activations and the drawings that excite it.
"""

from binary_activations import command_line
from binary_activations.figures.replicate import picture_options, write_pictures


def main():
    parser = command_line.parser(__doc__)
    picture_options(parser)
    write_pictures(parser.parse_args())


if __name__ == "__main__":
    command_line.run(main)
