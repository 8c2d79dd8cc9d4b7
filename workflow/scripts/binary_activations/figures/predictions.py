"""The figure of what a classifier takes drawings for."""

import math

from matplotlib.figure import Figure

from binary_activations.figures.style import COLOURS, bare, styled

COLUMNS = 10


@styled
def predictions_figure(images, probabilities, labels, title):
    """Draws drawings, and what each is taken for.

    Args:
        images: array [drawings, 28, 28].
        probabilities: array [drawings, classes].
        labels: the class of each, integers [drawings]; None where it is not known.
        title: of the figure.

    Returns:
        A `Figure`: under each drawing the likeliest class and its probability, green where it is
        the right one and else red, with the right one in brackets.
    """
    columns = min(COLUMNS, len(images))
    rows = math.ceil(len(images) / columns)
    figure = Figure(figsize=(max(0.9 * columns, 3), 1.2 * rows + 0.3), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    for axis in axes.flat:
        bare(axis)
    for number, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        likeliest = int(probabilities[number].argmax())
        text, colour = f"{likeliest}: {100 * probabilities[number, likeliest]:.0f} %", "black"
        if labels is not None:
            right = likeliest == labels[number]
            colour = COLOURS[2] if right else COLOURS[1]
            text += "" if right else f"\n(is {labels[number]})"
        axis.imshow(image, cmap="gray")
        axis.set_xlabel(text, color=colour, fontsize=8)
    figure.suptitle(title)
    return figure
