"""The summary page."""

import shutil

from binary_activations.inspection.firing import COLUMNS
from binary_activations.reporting.summary import summary_page
from binary_activations.study.result_files import CAPTIONS
from samples.results import settings


def test_the_summary_links_every_picture(results):
    for dataset in ("mnist", "omniglot"):
        (results / "tables").mkdir(exist_ok=True)
        (results / "tables" / f"{dataset}.md").write_text("| table |\n")
        (results / "tables" / f"{dataset}_differences.md").write_text("| differences |\n")
        (results / "tables" / f"{dataset}_evaluations.md").write_text("| evaluations |\n")
        for row in settings(dataset)["variants"]:
            rates = f"{','.join(COLUMNS)}\nconv1,100,12.3{',4.5' * 6}\n"
            (results / dataset / row["name"] / "firing.csv").write_text(rates)
    (results / "story.md").write_text("**What?** This.\n")
    study = {"title": "A study", "about": "Read *this*.", "replicates": "."}
    study["datasets"] = [settings("mnist"), settings("omniglot")]
    recipe = {row["name"]: {"epochs": 10} for row in settings()["variants"]}
    study["reproduced"] = []
    study["captions"] = {name: f"What {name} shows: much. And more." for name in CAPTIONS}
    study["recipes"] = {"mnist": recipe, "omniglot": recipe}
    page = summary_page(results, study, results / "published.csv")
    assert page.startswith("# A study\n\nRead *this*.\n\n## In short\n\n**What?** This.\n")
    assert page.count("| differences |") == 2
    assert page.count("heatmap.png") == 8
    assert page.count("| `c`       | conv1   | 100     | 12.3 ") == 2
    assert "![What curves shows](mnist/curves.png)\n\n*What curves shows: much. And more.*" in page
    for picture in ("mnist/accuracy.png", "omniglot/curves.png", "mnist/c/heatmap.png"):
        assert f"({picture})" in page
    assert "Lake" not in page
    assert "Local expectations have no published counterpart." in page
    assert "the real score function" not in page  # the study has none
    assert "(published.png)" not in page
    assert "(published.png)" in summary_page(
        results, study | {"reproduced": ["mnist"]}, results / "published.csv"
    )
    figures = (results / "published.csv").read_text().splitlines()
    figures[0] += ",retested_accuracy,retrained_accuracy,retrained_std"
    figures[-1] += ",81.9,81.2,1"
    (results / "published.csv").write_text("\n".join(figures) + "\n")
    page = summary_page(results, study, results / "published.csv")
    assert "retested (%) |   retrained (%) |   deviation over seeds |" in page
    assert "84.4 |           81.9 |            81.2 |                    1.0 |" in page
    study["datasets"][1]["tasks"].append("one-shot runs")
    assert "people 95.5 %" in summary_page(results, study, results / "published.csv")
    shutil.copytree(results, results / "study")
    of_study = study | {"replicates": ".."}
    page = summary_page(results / "study", of_study, results / "published.csv")
    assert "(../mnist/c/heatmap.png)" in page
    assert "(mnist/accuracy.png)" in page
