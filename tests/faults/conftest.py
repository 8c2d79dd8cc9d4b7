"""What was broken and what came of it, as a table after the tests."""

import pandas as pd
import pytest

FAULTS = []


@pytest.fixture
def survived():
    """Record a fault that left nothing lost: call it after the assertions that show so."""

    def record(fault, times, outcome):
        FAULTS.append({"fault": fault, "times": times, "what happened": outcome})

    return record


def pytest_terminal_summary(terminalreporter):
    if FAULTS:
        table = pd.DataFrame(FAULTS).groupby(["fault", "what happened"], sort=False).sum()
        columns = ["fault", "times", "what happened"]
        terminalreporter.section("faults: nothing was lost")
        terminalreporter.write_line(table.reset_index()[columns].to_markdown(index=False))
