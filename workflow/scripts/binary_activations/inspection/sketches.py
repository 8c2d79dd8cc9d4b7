"""Drawings of one's own: strokes as an image."""

import numpy as np
import torch
from PIL import Image, ImageDraw

SIZE = 28  # pixels
SCALE = 8  # of the canvas on which strokes are drawn, to smooth their edges


def sketch(strokes, width=2.0):
    """Draws strokes light on dark, as the data sets do.

    Args:
        strokes: lists of points (x, y) that a line joins, in pixels from 0 to 28, from the upper
            left.
        width: of the lines, in pixels.

    Returns:
        uint8 [1, 28, 28].

    Raises:
        ValueError: for a stroke of less than two points, or a point outside the drawing.
    """
    canvas = Image.new("L", (SIZE * SCALE, SIZE * SCALE))
    pen = ImageDraw.Draw(canvas)
    for stroke in strokes:
        if len(stroke) < 2 or not all(0 <= value <= SIZE for point in stroke for value in point):
            raise ValueError(f"stroke {stroke}: takes two points or more, from 0 to {SIZE}")
        points = [(x * SCALE, y * SCALE) for x, y in stroke]
        pen.line(points, fill=255, width=round(width * SCALE), joint="curve")
    return torch.from_numpy(np.array(canvas.resize((SIZE, SIZE), Image.Resampling.BOX)))[None]
