"""What the README says of the results is what the published page says."""

import re

from binary_activations.study.study import Study
from projects import ROOT
from samples.configurations import CONFIG, load

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/results.md").read_text(encoding="utf-8")


def rows(text):
    """Returns the rows of a page's tables, each a tuple of its cells."""
    return {
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in text.splitlines()
        if line.startswith("|") and not line.startswith(("|:", "|-"))
    }


def test_the_readme_has_the_answers_of_the_published_page():
    (answers,) = re.findall(
        r"<!-- in short: begin -->\n(.*?)\n<!-- in short: end -->", README, re.DOTALL
    )
    assert answers.startswith("**What does a binary layer cost?**")
    assert answers in PAGE


def test_the_readme_has_the_tables_of_the_published_page():
    measured = {row for row in rows(README) if len(row) > 4}
    assert len(measured) == 1 + 13 + 1 + 5
    assert measured <= rows(PAGE)


def test_every_learning_rate_is_the_one_that_the_sweep_chose():
    page = (ROOT / "docs/learning_rates.md").read_text(encoding="utf-8")
    _, table = page.split("| units, estimator", 1)
    lines = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    chosen = [float(cells[3]) for cells in lines]
    study = Study(CONFIG)
    configured = [
        study.training_settings("mnist", variant["name"])["training"]
        for variant in Study(load("sweep.yaml")).sweep_settings("mnist")["variants"]
    ]
    assert [t.get("learning_rate_below", t["learning_rate"]) for t in configured] == chosen
    # What lies above score functions has the rate of the network without a binary layer.
    assert {t["learning_rate"] for t in configured if "learning_rate_below" in t} == {chosen[0]}


def test_every_picture_and_page_that_a_page_links_is_there():
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        missing = [
            link
            for link in links
            if not link.startswith("http") and not (page.parent / link).exists()
        ]
        assert not missing, page
