"""The summary page."""

from binary_activations.reporting.summary import costs, summary_page
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
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Title", "train a", "2", "3.0", "100"]
    ]
    assert (
        costs(tmp_path / "none", tmp_path / "none", [settings()])
        == "No benchmark files were found."
    )


def test_the_summary_links_every_picture(results):
    for dataset in ("mnist", "omniglot"):
        (results / "tables").mkdir(exist_ok=True)
        (results / "tables" / f"{dataset}.md").write_text("| table |\n")
        (results / "tables" / f"{dataset}_differences.md").write_text("| differences |\n")
        (results / "tables" / f"{dataset}_evaluations.md").write_text("| evaluations |\n")
    (results / "story.md").write_text("**What?** This.\n")
    study = {"title": "A study", "about": "Read *this*.", "replicates": "."}
    study["datasets"] = [settings("mnist"), settings("omniglot")]
    page = summary_page(results, study, results / "published.csv")
    assert page.startswith("# A study\n\nRead *this*.\n\n## In short\n\n**What?** This.\n")
    assert page.count("| differences |") == 2
    assert page.count("heatmap.png") == 8
    for picture in ("mnist/accuracy.png", "omniglot/curves.png", "mnist/c/heatmap.png"):
        assert f"({picture})" in page
    page = summary_page(results, study | {"replicates": ".."}, results / "published.csv")
    assert "(../mnist/c/heatmap.png)" in page
    assert "(mnist/accuracy.png)" in page
