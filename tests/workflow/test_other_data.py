"""Data of the same formats, such as Fashion-MNIST's files, by configuration alone."""

import hashlib
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml

from binary_activations.data.archives import drawings_sha256, read_drawings
from binary_activations.data.embedded import write_idx
from samples.one_shot_runs import write_runs


def md5(path):
    return {"md5": hashlib.md5(path.read_bytes()).hexdigest()}


def strokes(count, rng):
    """Ten classes of drawings: a straight stroke each, at one of ten angles, 28 x 28."""
    labels = np.arange(count) % 10
    angles = labels * np.pi / 10 + rng.normal(0, 0.05, count)
    offsets = rng.normal(0, 2, count)
    y, x = np.mgrid[-13.5:14.5, -13.5:14.5]
    sine, cosine = np.sin(angles)[:, None, None], np.cos(angles)[:, None, None]
    distance = np.abs(sine * x - cosine * y - offsets[:, None, None])
    images = 255 * np.clip(2.5 - distance, 0, 1) * (np.hypot(x, y) < 12)
    return images.astype(np.uint8), labels.astype(np.uint8)


@pytest.mark.slow
def test_data_of_the_same_format_run_by_configuration_alone(new_project):
    project = new_project()
    folder, rng, expected = project.path("strokes"), np.random.default_rng(0), {}
    for subset, count in (("train", 1200), ("t10k", 300)):
        images, labels = strokes(count, rng)
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            path = folder / f"{subset}-{name}-ubyte.gz"
            write_idx(path, array)
            expected[path.name] = md5(path)
    overlay = {
        "results": "results/strokes",
        "seeds": [0],
        "data": {"mirror": "strokes"},
        "mnist": {
            "title": "Strokes & more",
            "select": ["no_binary", "stochastic_straight_through_both"],
            "training": {"epochs": 3, "learning_rate": 0.05, "validation_images": 200},
        },
        "omniglot": {"select": []},
        "archives": {"mnist": {"expected": expected}},
    }
    project.path("strokes.yaml").write_text(yaml.safe_dump(overlay))
    status, output = project.run("--cores", "2", "--configfile", "strokes.yaml")
    assert status == 0, output
    table = pd.read_csv(project.path("results/strokes/tables/mnist.csv"))
    assert (table["accuracy_mean"] > 50).all()
    summary = project.path("results/strokes/summary.md").read_text()
    assert "## Strokes & more" in summary
    assert "published" not in summary.lower()
    assert "MNIST" not in summary.replace("mnist", "")
    # The real data, had they been there, would have stayed as they were.
    assert project.path("resources/official_strokes-more/mnist.npz").exists()
    assert not project.path("resources/official").exists()


@pytest.mark.slow
def test_alphabets_and_one_shot_runs_run_by_configuration_alone(copy):
    folder, expected = copy.path("alphabets"), {}
    folder.mkdir()
    for subset in ("background", "evaluation"):
        path = folder / f"images_{subset}.zip"
        shutil.copy(copy.path("resources/embedded") / path.name, path)
        drawings = read_drawings(path)
        expected[path.name] = md5(path) | {"drawings_sha256": drawings_sha256(drawings)}
    support, queries = (
        [pixels for name, pixels in drawings.items() if name.endswith(f"/{drawer}")]
        for drawer in ("01", "02")
    )
    runs = [slice(0, 10), slice(10, 20)]
    write_runs(
        folder / "all_runs.zip",
        support=[support[run] for run in runs],
        queries=[queries[run] for run in runs],
    )

    one_shot = {"expected": {"all_runs.zip": md5(folder / "all_runs.zip")}}
    overlay = {
        "data": {"origin": "official", "mirror": "alphabets"},
        "mnist": {"select": []},
        "omniglot": {"title": "Scripts", "one_shot_runs": True},
        "archives": {"omniglot": {"expected": expected}, "one_shot_runs": one_shot},
    }
    copy.path("scripts.yaml").write_text(yaml.safe_dump(overlay))
    options = ("--configfile", "scripts.yaml")
    status, output = copy.run("--cores", "2", *options)
    assert status == 0, output
    table = pd.read_csv(copy.path("results/tables/omniglot.csv"))
    assert table["task"].tolist() == ["5-way 1-shot", "one-shot runs"] * 2
    accuracy = table.set_index(["variant", "task"])["accuracy_mean"]["no_binary"]
    assert accuracy["one-shot runs"] > 30  # chance is 10
    assert copy.planned(*options) == []
