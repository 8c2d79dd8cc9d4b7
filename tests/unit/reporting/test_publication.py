"""The published page, from a summary."""

from binary_activations.reporting.publication import commit, machines, published_page
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


def test_a_folder_without_git_has_no_commit(tmp_path):
    assert commit(tmp_path) is None
    if (ROOT / ".git").exists():
        assert len(commit(ROOT).split(",")[0]) == 12
