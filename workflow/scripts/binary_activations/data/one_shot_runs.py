"""The original one-shot task: 20 runs of 20 ways, each within one alphabet.

Lake, Salakhutdinov & Tenenbaum 2015, "Human-level concept learning through probabilistic program
induction", Science 350. A run is a folder with a drawing of each of 20 characters to learn from,
and a second drawing of each by another person. Each line of its `class_labels.txt` names a second
drawing and the first one of the same character:
`run01/test/item01.png run01/training/class08.png`.
"""

import fnmatch

import numpy as np
import torch

from binary_activations.data.archives import REMEDY, open_zip, read_png
from binary_activations.data.preparation import shrink
from binary_activations.errors import StudyError


def load_runs(path):
    """Reads the archive of the runs.

    Args:
        path: zip archive with members `runNN/class_labels.txt` and the drawings that they name.

    Returns:
        Support and query drawings, each uint8 [runs, n_way, 1, 28, 28]: the query at a position is
        of the class of the support drawing there.

    Raises:
        StudyError: for a damaged archive, one without runs, a member that is missing or malformed,
            or runs that differ in their number of classes.
    """
    with open_zip(path) as archive:
        lists = sorted(fnmatch.filter(archive.namelist(), "run*/class_labels.txt"))
        if not lists:
            raise StudyError(f"{path}: no runs (run01/class_labels.txt and so on); {REMEDY}")
        runs = [_read_run(archive, path, name) for name in lists]
    if len({len(support) for support, _ in runs}) > 1:
        raise StudyError(f"{path}: the runs differ in their number of classes; {REMEDY}")
    drawings = torch.from_numpy(np.array(runs)).unsqueeze(3)
    return drawings[:, 0], drawings[:, 1]


def _read_run(archive, path, name):
    """Reads the support and the query drawings of one run, as its list has them."""
    listed = archive.read(name).decode(errors="replace")  # of no member, where it is no text
    lines = [line.split() for line in listed.splitlines() if line]
    if not lines or any(len(line) != 2 for line in lines):
        raise StudyError(
            f"{path}: {name}: a line is not a query's path and a support drawing's; {REMEDY}"
        )
    members = {member.filename: member for member in archive.infolist()}
    if missing := [drawing for line in lines for drawing in line if drawing not in members]:
        raise StudyError(f"{path}: {name}: no member {missing[0]!r}; {REMEDY}")
    queries, support = zip(*lines, strict=True)
    return [
        [shrink(read_png(archive, members[drawing], path)) for drawing in drawings]
        for drawings in (support, queries)
    ]
