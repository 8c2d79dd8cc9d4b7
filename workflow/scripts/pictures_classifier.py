"""Draws what one replicate of a network that classifies does, and counts how often its units fire.

One process loads the network once. It draws the heatmaps, and for each layer its filters, its
activations and the drawings that excite it. It also tells how well the nearest neighbour by each
layer's activations classifies test images.
"""

from binary_activations import command_line
from binary_activations.data.datasets import load_images
from binary_activations.figures.replicate import picture_options, write_pictures
from binary_activations.inspection.drawings import spread
from binary_activations.inspection.representations import nearest_in_classes
from binary_activations.reporting.csv_files import write_csv
from binary_activations.training.generators import generator

REFERENCES, QUERIES = 3000, 1000


def main():
    parser = command_line.parser(__doc__)
    picture_options(parser)
    arguments = parser.parse_args()
    network = write_pictures(arguments)
    references, queries = (
        images.subset(spread(len(images), count))
        for images, count in (
            (load_images(arguments.data, "train"), REFERENCES),
            (load_images(arguments.data, "test"), QUERIES),
        )
    )
    units = generator(arguments.settings["seed"], "units")
    table = nearest_in_classes(network, references, queries, units)
    write_csv(arguments.representations, table)


if __name__ == "__main__":
    command_line.run(main)
