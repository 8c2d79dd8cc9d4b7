"""The HTML report, as a reader sees it in a browser."""

import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from binary_activations.study.tasks import TASKS
from projects import VARIANTS

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture
def report(copy):
    status, output = copy.run("--report", "results/report.html")
    assert status == 0, output
    return copy.path("results/report.html")


@pytest.fixture
def page(report):
    """The report in a browser; nothing may go wrong in it."""
    if not BROWSER:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        page.set_default_timeout(120_000)  # beside other tests, a page can be slow
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.goto(report.as_uri())
        page.get_by_text("Statistics").wait_for()
        yield page
        browser.close()
        assert not errors


def listed(page, *names):
    """From the front page, open a category, and in it a subcategory: the results listed there."""
    page.locator("nav ol a").first.click()
    for name in names:
        page.locator("nav li a").filter(has_text=re.compile(f"^{name}$")).click()
    page.locator("nav tbody tr").first.wait_for()
    return page.locator("nav tbody tr")


def shown(page, row):
    """Show a result: `picture`, `table` or `notebook`, once the browser has all of it."""
    row.locator("a").first.click()
    content = page.locator("#app > div > div:last-child").locator("img, iframe").last
    content.wait_for()
    if content.evaluate("element => element.tagName") == "IMG":
        page.wait_for_function(
            "element => element.complete && element.naturalWidth > 400",
            arg=content.element_handle(),
        )
        return "picture"
    frame = content.element_handle().content_frame()
    frame.wait_for_selector("table, .cell")
    if not frame.query_selector(".cell"):
        return "table"
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 200)"
    assert frame.locator(".cell").count() > 15
    assert frame.locator("img").count() > 5
    assert frame.locator("img").evaluate_all(loaded)
    return "notebook"


@pytest.mark.slow
def test_the_report_answers_and_shows_every_result(page, tmp_path):
    front = page.inner_text("body")
    assert "Demonstration data." in front
    assert "What does a binary layer cost?" in front
    (top,) = page.get_by_text("Demonstration data.").all()
    assert top.bounding_box()["y"] >= 0
    wide = "image => image.complete && image.naturalWidth > 400"
    assert page.locator("img[src^='data:image/png']").evaluate(wide)
    page.screenshot(path=tmp_path / "front.png")

    rows = listed(page, "All variants")
    assert "embedded alphabets" in page.locator("nav").first.inner_text()
    kinds = [shown(page, rows.nth(number)) for number in range(rows.count())]
    # Five figures of each data set, and the heatmaps of two and of four layers.
    assert sorted(kinds) == ["picture"] * (2 * 5 + 2 + 4) + ["table"] * 5
    page.screenshot(path=tmp_path / "results.png")

    for dataset in VARIANTS:
        title = TASKS[dataset].embedded_title
        own = "Errors" if dataset == "mnist" else "Episodes"
        drawings = ("Drawings that excite filters", "Drawings made to excite filters")
        for folder in ("Heatmaps", "Filters", "Activations", *drawings, own):
            rows = listed(page, title, folder)
            expected = len(VARIANTS[dataset])
            if folder == "Errors":
                expected = 1
            elif dataset == "omniglot" and folder not in ("Heatmaps", own):
                expected *= 4  # layers; MNIST's two are a toggle
            assert rows.count() == expected, (dataset, folder)
            for number in range(rows.count()):
                assert shown(page, rows.nth(number)) == "picture"
            page.screenshot(path=tmp_path / f"{dataset}_{folder}.png")
        rows = listed(page, title, "Notebook")
        assert [shown(page, row) for row in rows.all()] == ["notebook"]
        page.screenshot(path=tmp_path / f"{dataset}_notebook.png")
