"""The published page, from a summary."""

import io
import shutil
import zipfile

from binary_activations.reporting.publication import (
    commit,
    machines,
    published_page,
    replicates_archive,
)
from binary_activations.reporting.tables import read_metrics
from binary_activations.study.tasks import ONE_SHOT_TASK
from projects import ROOT
from samples.results import settings


def test_pictures_are_copied_but_those_of_another_study():
    folds = [
        f"<details>\n<summary>Of {name}</summary>\n\n![{name}]({path})\n\n</details>"
        for name, path in (("one", "mnist/a.png"), ("other", "../mnist/b.png"))
    ]
    summary = "\n\n".join(["# Title", *folds, "End.\n"])
    page, pictures = published_page(summary, {"code": "abc", "empty": ""}, "images/results")
    assert pictures == {"mnist_a.png": "mnist/a.png"}
    assert "![one](images/results/mnist_a.png)" in page
    assert "other" not in page
    assert "</details>\n\nEnd." in page
    assert page.startswith("# Title\n")
    assert "| code | abc |" in page
    assert "empty" not in page


def test_each_machine_is_named_once(results):
    for path in results.glob("*/*/seed*/metrics.json"):
        path.write_text('{"machine": "one"}' if "/a/" in str(path) else '{"machine": "other"}')
    assert machines(results, [settings(), settings("omniglot")]) == ["other", "one"]


def test_what_tables_rest_on_is_packed_to_the_same_bytes(results, tmp_path):
    datasets = [settings(), settings("omniglot") | {"tasks": ["5-way 1-shot", ONE_SHOT_TASK]}]
    for path in list(results.glob("*/*/seed*")):
        (path / "history.csv").write_text("epoch\n1\n")
        (path / "model.pt").write_text("not packed")
    for path in results.glob("omniglot/*/seed*"):
        (path / "one_shot.json").write_text('{"tasks": []}')
    packed = replicates_archive(results, datasets)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "unpacked")
    assert len(names) == len(set(names)) == 4 * 2 * (2 + 3)
    assert "omniglot/a/seed7/one_shot.json" in names
    for name in names:
        assert (tmp_path / "unpacked" / name).read_bytes() == (results / name).read_bytes()
    read = [read_metrics(settings(), folder) for folder in (results, tmp_path / "unpacked")]
    assert read[0]["accuracy"].equals(read[1]["accuracy"])
    again = shutil.copytree(results, tmp_path / "later", copy_function=shutil.copyfile)
    assert replicates_archive(again, datasets) == packed


def test_a_folder_without_git_has_no_commit(tmp_path):
    assert commit(tmp_path) is None
    if (ROOT / ".git").exists():
        assert len(commit(ROOT).split(",")[0]) == 12
