"""Archives of the original one-shot task, for tests."""

import io
import zipfile

import numpy as np
from PIL import Image


def blots(count):
    """Drawings, bool [105, 105] with True for white, whose ink is at one place each."""
    drawings = np.ones((count, 105, 105), bool)
    for place in range(count):
        row, column = divmod(place, 5)
        drawings[place, 20 * row : 20 * row + 20, 20 * column : 20 * column + 20] = False
    return drawings


def write_members(path, members):
    """Writes a zip archive of members, text or bytes by name."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def write_runs(path, support, queries):
    """Writes an archive of runs, each a list of drawings to learn from and one of their queries."""
    members = {}
    for number, drawings in enumerate(zip(support, queries, strict=True), 1):
        lines = []
        for place, pair in enumerate(zip(*drawings, strict=True), 1):
            names = [f"run{number:02d}/{part}/{place:02d}.png" for part in ("training", "test")]
            members |= {name: _png(pixels) for name, pixels in zip(names, pair, strict=True)}
            lines.append(f"{names[1]} {names[0]}\n")
        members[f"run{number:02d}/class_labels.txt"] = "".join(lines)
    write_members(path, members)


def _png(pixels):
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()
