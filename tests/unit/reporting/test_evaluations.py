"""The table of other evaluations."""

import json

from binary_activations.reporting.evaluations import NONE, evaluations_markdown, evaluations_table
from binary_activations.reporting.tables import read_metrics
from samples.results import classified, settings

OTHERS = {
    "mean_of_samples": {"loss": 0.1, "accuracy": 0.99},
    "mean_field": {"loss": 0.2, "accuracy": 0.98},
    "thresholded": {"loss": 0.3, "accuracy": 0.97},
    "no_margin": {"loss": 0.4, "accuracy": 0.96},
}


def test_every_evaluation_of_stochastic_networks_is_shown(results):
    for seed, accuracy in ((0, 0.90), (7, 0.92)):
        path = results / "mnist" / "a" / f"seed{seed}" / "metrics.json"
        path.write_text(json.dumps(classified(0.5, accuracy, evaluations=OTHERS)))
    chosen = settings()
    table = evaluations_table(read_metrics(chosen, results), chosen)
    assert len(table) == 2 * 5
    text = evaluations_markdown(table, chosen)
    assert "`a`" in text
    assert "`plain`" not in text
    row = next(line for line in text.splitlines() if line.startswith("| `a`"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:] == ["conv1", "91.00", "99.00", "98.00", "97.00"]
    assert "mean over seeds" in text
    assert "argin 0" not in text
    with_margin = [row | {"options": {"margin": 0.01}} for row in chosen["variants"]]
    text = evaluations_markdown(table, chosen | {"variants": with_margin})
    assert "| 96.00" in text
    assert "Margin 0: one sample" in text
    one = settings(seeds=[0])
    text = evaluations_markdown(evaluations_table(read_metrics(one, results), one), one)
    assert "mean over seeds" not in text


def test_where_there_are_none_it_says_so(results):
    for dataset in ("mnist", "omniglot"):
        chosen = settings(dataset)
        table = evaluations_table(read_metrics(chosen, results), chosen)
        assert evaluations_markdown(table, chosen) == NONE
