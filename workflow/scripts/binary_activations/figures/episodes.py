"""The figure of one episode of a matching network."""

import numpy as np
from matplotlib.patches import Rectangle

from binary_activations.figures.layers import mosaic
from binary_activations.figures.style import COLOUR_BAR, COLOURS, colour_bar, picture, styled

CELL = 1.0  # inches
EDGE = 0.46  # half the side of what a cell shows, in cells


@styled
def episode_figure(support, queries, attention, settings):
    """Draws the support set, the queries and the attention.

    Args:
        support: drawings, array [n_way, k_shot, 28, 28].
        queries: drawings, array [n_way * queries, 28, 28], in the order of the classes.
        attention: of each query to each class, array [n_way * queries, n_way].
        settings: the data's `title`, and the `variant`'s name.

    Returns:
        A `Figure`: a column for each class under its support drawings, a row for each query; the
        query's own class is framed, green where it has the most attention and else red.
    """
    count, n_way = attention.shape
    own = np.arange(count) // (count // n_way)
    title = f"One episode, {settings['title']}\n{settings['variant']}; own class framed"
    figure, axis = picture(CELL * (n_way + 1), CELL * (count + 1), title, right=COLOUR_BAR)
    # A cell is 1 wide and high, the support set's row is row 0, the queries' column is column 0.
    axis.set(xlim=(-0.5, n_way + 0.5), ylim=(count + 0.5, -0.5), autoscale_on=False)

    def show(row, column, shown, **style):
        extent = (column - EDGE, column + EDGE, row + EDGE, row - EDGE)
        return axis.imshow(shown, extent=extent, aspect="auto", **style)

    axis.text(0, 0, "support →\n\nqueries ↓", ha="center", va="center")
    for column, drawings in enumerate(support, 1):
        show(0, column, mosaic(drawings, int(np.ceil(np.sqrt(len(drawings))))), cmap="gray")
    for row, (query, shares) in enumerate(zip(queries, attention, strict=True), 1):
        show(row, 0, query, cmap="gray")
        for column, share in enumerate(shares, 1):
            image = show(row, column, [[share]], cmap="cividis", vmin=0, vmax=1)
            text = "black" if share > 0.5 else "white"
            axis.text(column, row, f"{100 * share:.0f} %", color=text, ha="center", va="center")
        column = own[row - 1] + 1
        colour = COLOURS[2] if shares.argmax() + 1 == column else COLOURS[1]
        corner = (column - EDGE, row - EDGE)
        axis.add_patch(Rectangle(corner, 2 * EDGE, 2 * EDGE, fill=False, lw=4, ec=colour))
    colour_bar(figure, axis, image, "attention")
    return figure
