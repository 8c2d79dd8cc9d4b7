"""What jobs took."""

from binary_activations.reporting.costs import costs, training_minutes
from samples.results import settings


def test_costs_are_read_from_benchmark_files(tmp_path):
    for variant, seed, seconds, memory in (
        ("a", 0, 2.0, "100.4"),
        ("a", 7, 4.0, "-"),
        ("a", 9, 99.0, "999"),
        ("removed", 0, 99.0, "999"),
    ):
        path = tmp_path / "benchmarks" / "mnist" / variant / f"seed{seed}" / "train.tsv"
        path.parent.mkdir(parents=True)
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}\t0:00:02\t{memory}\n")
    (tmp_path / "benchmarks" / "mnist" / "prepare.tsv").write_text("")
    rows = [
        line.split("|")[1:-1] for line in costs(tmp_path, tmp_path, [settings()]).splitlines()[2:]
    ]
    assert [[cell.strip() for cell in row] for row in rows] == [["train a", "2", "3.0", "100"]]
    (tmp_path / "benchmarks" / "story.tsv").write_text("s\tmax_rss\n2.0\t50\n")
    download = tmp_path / "benchmarks" / "omniglot" / "download" / "images.zip.tsv"
    download.parent.mkdir(parents=True)
    download.write_text("s\tmax_rss\n3.0\t70\n")
    characters = settings() | {"dataset": "characters", "title": "characters"}
    shown = costs(tmp_path, tmp_path, [settings(), characters])
    assert [[cell.strip() for cell in line.split("|")[1:3]] for line in shown.splitlines()[2:]] == [
        ["Title", "train a"],
        ["Characters", "download"],
        ["", "story"],
    ]
    assert (
        costs(tmp_path / "none", tmp_path / "none", [settings()])
        == "No benchmark files were found."
    )
    assert training_minutes(tmp_path, settings()) == {"a": 3.0 / 60}
