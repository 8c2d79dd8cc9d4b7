"""Pages of the documentation that hold tables made by programs.

python benchmarks/pages.py      the estimators of the catalogue, in the manual and docs
"""

import argparse

import pandas as pd

import checkout
from binary_activations.estimators.catalogue import CATALOGUE

MANUAL = checkout.ROOT / "config" / "README.md"
ESTIMATORS = checkout.ROOT / "docs" / "estimators.md"


def between(text, mark, inner=None):
    """What lies between two marks of a page, and the page with `inner` in its place."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, rest = text.split(begin)
    found, after = rest.split(end)
    return found.strip(), f"{before}{begin}\n\n{inner}\n\n{end}{after}"


def write_between(page, mark, inner):
    """Replaces what lies between two marks of a page."""
    page.write_text(between(page.read_text(encoding="utf-8"), mark, inner)[1], encoding="utf-8")


def _plain(number):
    """Returns a number without an exponent."""
    return f"{number:f}".rstrip("0").rstrip(".")


def options_table():
    """Returns the estimators and their options, as the manual has them: markdown."""
    rows = []
    for name, row in CATALOGUE.items():
        options = [f"`{key}` ({_plain(option.default)})" for key, option in row.options.items()]
        rows.append(
            {
                "`estimator`": f"`{name}`",
                "options and defaults": ", ".join(options),
                "units": " or ".join(row.modes),
                "data sets": ", ".join(row.datasets),
            }
        )
    every = {key: option for row in CATALOGUE.values() for key, option in row.options.items()}
    meanings = {f"`{key}`": option.meaning for key, option in every.items()}
    options = pd.DataFrame(meanings.items(), columns=["option", "meaning"])
    tables = (pd.DataFrame(rows), options)
    return "\n\n".join(table.to_markdown(index=False, disable_numparse=True) for table in tables)


def estimators_table():
    """What the estimators are, as their page has them: markdown."""
    rows = [
        {
            "estimator": row.label,
            "in the configuration": f"`{name}`",
            "dL/dp": row.meaning,
            "unbiased at fixed moments": "yes" if row.unbiased_at_fixed_moments else "no",
        }
        for name, row in CATALOGUE.items()
    ]
    return pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    write_between(MANUAL, "estimators", options_table())
    write_between(ESTIMATORS, "estimators", estimators_table())


if __name__ == "__main__":
    main()
