"""The original one-shot task: 20 runs of 20 ways, each within one alphabet.

Lake, Salakhutdinov & Tenenbaum 2015, "Human-level concept learning through probabilistic program
induction", Science 350. A run is a folder with a drawing of each of 20 characters to learn from,
and a second drawing of each by another person. Each line of its `class_labels.txt` names a second
drawing and the first one of the same character:
`run01/test/item01.png run01/training/class08.png`.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from binary_activations.data.preparation import shrink
from binary_activations.errors import StudyError


def load_runs(folder):
    """Reads the runs below a folder.

    Returns:
        Support and query drawings, each uint8 [runs, n_way, 1, 28, 28]: the query at a position is
        of the class of the support drawing there.

    Raises:
        StudyError: where there are none, a file is missing or malformed, or the runs differ in
            their number of classes.
    """
    lists = sorted(Path(folder).glob("run*/class_labels.txt"))
    if not lists:
        raise StudyError(f"{folder}: no runs (run01/class_labels.txt and so on)")
    runs = []
    for path in lists:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line]
        if not lines or any(len(line) != 2 for line in lines):
            raise StudyError(f"{path}: a line is not a query's path and a support drawing's")
        queries, support = zip(*lines, strict=True)
        runs.append([[_read(Path(folder, name)) for name in names] for names in (support, queries)])
    if len({len(support) for support, _ in runs}) > 1:
        raise StudyError(f"{folder}: the runs differ in their number of classes")
    drawings = torch.from_numpy(np.array(runs)).unsqueeze(3)
    return drawings[:, 0], drawings[:, 1]


def _read(path):
    try:
        with Image.open(path) as image:
            return shrink(np.asarray(image.convert("1")))
    except OSError as error:
        raise StudyError(f"{path}: not a drawing ({error})") from error
