"""What the README says of the results is what the published page says."""

import re

from projects import ROOT

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


def test_every_picture_and_page_that_a_page_links_is_there():
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        missing = [
            link
            for link in links
            if not link.startswith("http") and not (page.parent / link).exists()
        ]
        assert not missing, page
