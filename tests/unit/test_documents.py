"""What the README says of the results is what the published page says."""

import json
import re
import zipfile

import pytest

from binary_activations.study.config_files import check_file
from binary_activations.study.study import Study
from projects import ROOT
from samples.configurations import CONFIG, load

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/results.md").read_text(encoding="utf-8")
MNIST, OMNIGLOT = "MNIST", "Omniglot, 5-way 1-shot"


def results(page):
    """Returns the table of results of each section of a page: its rows, by column."""
    found = {}
    for section in re.split(r"\n##+ ", page)[1:]:
        table = re.search(r"^\| units, .+\n(?:\|.+\n)+", section, re.MULTILINE)
        if table:
            lines = [line.strip("|").split("|") for line in table[0].splitlines()]
            header, _, *rows = ([cell.strip() for cell in line] for line in lines)
            title = section.split("\n", 1)[0]
            found[title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


FINDINGS = README.split("## What it found")[1].split("\n## ")[0]
ANSWERS = (ROOT / "docs/answers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [FINDINGS, ANSWERS], ids=["findings", "answers"])
def test_every_figure_of_the_answers_is_on_a_generated_page(text):
    """A finding's decimals, `0.28 ± 0.15` or `99.14`, are those of a table or an answer. A table of
    differences has what follows ± in a column of its own."""
    figures = re.findall(r"\d+\.\d+(?: ± \d+\.\d+)?", text)
    paths = [*(ROOT / "docs").glob("results*.md"), *(ROOT / "docs").glob("learning_rates*.md")]
    pages = "".join(path.read_text("utf-8") for path in paths)
    pages += re.sub(r"[+-](\d+\.\d+) +\| (\d+\.\d+)", r"\1 ± \2", pages)
    assert len(figures) > 5
    assert [figure for figure in figures if figure not in pages] == []


def test_the_readme_has_the_published_rows_of_the_page():
    shown, whole = results(README), results(PAGE)
    assert {title: len(rows) for title, rows in shown.items()} == {MNIST: 13, OMNIGLOT: 5}
    for title, rows in shown.items():
        assert {"accuracy (%)", "published accuracy (%)"} <= set(rows[0])
        for row, of_page in zip(rows, whole[title], strict=False):
            assert row == {column: of_page[column] for column in row}


def sharing():
    """Returns the names of the pages of the study and of those that share its replicates."""
    files = [path for path in (ROOT / "config").glob("*.yaml") if path.stem != "archives"]
    shared = [path.name for path in files if check_file(path)["replicates"] == "results"]
    return [Study(load(name)).page for name in ["config.yaml", *shared]]


def accuracies(page):
    """Returns the accuracies of a published page: by where they were computed, seeds, data set and
    variant.

    They are without the mark of the best of a group and without the interval, whose noise is pooled
    over the variants of the page."""
    of_page = [
        re.search(rf"^\| {name} \| (.+) \|$", page, re.MULTILINE)[1]
        for name in ("computed on", "seeds")
    ]
    found = {}
    for section in page.split("\n## ")[1:]:
        table = [line.strip("|").split("|") for line in section.splitlines() if line[:1] == "|"]
        header = [cell.strip() for cell in table[0]] if table else []
        if "variant" not in header or "accuracy (%)" not in header:
            continue
        variant, accuracy = header.index("variant"), header.index("accuracy (%)")
        title = section.split("\n", 1)[0]
        for cells in table[2:]:
            if len(cells) != len(header):  # another table
                break
            key = (*of_page, title, cells[variant].strip())
            found[key] = cells[accuracy].strip(" *").split(" ")[0]
    return found


def contradictions(pages):
    """Returns the rows for which pages show different accuracies of the same seeds and machine."""
    shown = {}
    for page in pages:
        for row, accuracy in accuracies(page).items():
            shown.setdefault(row, set()).add(accuracy)
    return {row for row, values in shown.items() if len(values) > 1}


def test_pages_that_share_replicates_show_the_same_figure_for_a_row():
    pages = [(ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in sharing()]
    assert len(pages) == 5
    assert sum(len(accuracies(page)) for page in pages) > 50
    assert contradictions(pages) == set()


def test_archives_that_share_replicates_hold_the_same_bytes():
    """Where both were computed on the same kind of machine."""
    found = {}
    for name in sharing():
        path = ROOT / f"docs/replicates/{name}.zip"
        if not path.exists():  # of a page published before there were archives
            continue
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.endswith("/metrics.json"):
                    content = archive.read(member)
                    machine = json.loads(content)["machine"]
                    history = archive.read(member.replace("metrics.json", "history.csv"))
                    found.setdefault((member, machine), set()).add((content, history))
    assert len(found) > 50
    assert [key for key, contents in found.items() if len(contents) > 1] == []


def test_a_figure_that_differs_between_pages_is_found():
    table = "| variant | accuracy (%) |\n|:--|:--|\n| `a` | **98.1** |\n"
    page = f"# T\n\n| computed on | x; y |\n| seeds | 0, 1 |\n\n## MNIST\n\n{table}"
    other = page.replace("98.1", "98.2")
    assert contradictions([page, page.replace("**", "")]) == set()
    assert contradictions([page, other]) == {("x; y", "0, 1", "MNIST", "`a`")}
    assert contradictions([page, other.replace("x; y", "z")]) == set()


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
        text = page.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#]+)[^)]*\)", text) + re.findall(r'src="([^"]+)"', text)
        missing = [
            link
            for link in links
            if not link.startswith("http") and not (page.parent / link).exists()
        ]
        assert not missing, page
