"""What a person sees last of `make`: where the results are, or the log of what failed."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def make(copy):
    """Runs make in the finished study, in the environment that runs these tests."""
    copy.path(".venv").symlink_to(sys.prefix)

    def run(*arguments):
        # The environment counts as made, whatever its files' dates.
        command = ["make", "--old-file", ".venv/complete", *arguments]
        # As from a shell, where make may be what runs these tests.
        inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MIRROR"}
        environment = {key: value for key, value in os.environ.items() if key not in inherited}
        return subprocess.run(
            command, cwd=copy.folder, env=environment, capture_output=True, text=True
        )

    return run


def test_a_success_ends_with_where_to_look(make, copy):
    report = "An HTML report of them: make report"
    assert make("study").stdout.splitlines()[-1] == f"Results: results/summary.md. {report}"
    copy.path("results/summary.md").unlink()
    ended = make("study")
    assert ended.returncode == 0
    assert "Everything is made: results/summary.md" in ended.stderr
    assert ended.stdout.splitlines()[-1] == f"Results: results/summary.md. {report}"
    overlay = "results: results/other\nreplicates: results\n"
    copy.path("config/other.yaml").write_text(overlay)
    last = make("study", "CONFIG=config/other.yaml").stdout.splitlines()[-1]
    assert last == f"Results: results/other/summary.md. {report} CONFIG=config/other.yaml"
    copy.path("config/title.yaml").write_text("title: Another title\n")
    files = "config/other.yaml config/title.yaml"
    last = make("study", f"CONFIG={files}").stdout.splitlines()[-1]
    assert last == f"Results: results/other/summary.md. {report} CONFIG='{files}'"
    assert copy.path("results/other/summary.md").read_text().startswith("# Another title")


def test_a_configuration_file_that_is_not_there_is_named_first(make):
    ended = make("study", "CONFIG=config/ful.yaml")
    assert ended.returncode != 0
    assert "CONFIG: there is no file config/ful.yaml" in ended.stderr


def test_a_failure_ends_with_the_log_of_the_failed_job(make, copy):
    learning_rate = {"learning_rate": 1e30}
    copy.edit_config(lambda config: config["omniglot"]["training"].update(learning_rate))
    ended = make("study", "CORES=1")
    assert ended.returncode != 0
    (last,) = ended.stdout.splitlines()[-1:]
    assert last.startswith("Failed; what went wrong: results/logs/omniglot/")
    log = copy.path(last.removeprefix("Failed; what went wrong: ")).read_text()
    assert "is not finite" in log


def test_help_lists_every_command(make):
    shown = make("help").stdout
    for command in ("demo", "test", "test-all", "study", "report", "benchmark", "env"):
        assert f"make {command} " in shown


def test_a_failure_before_any_job_does_not_speak_of_an_earlier_one(make, copy):
    old = copy.path(".snakemake/log/old.snakemake.log")
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text("    log: results/logs/old.log (check log file(s) for error details)\n")
    ended = make("study", "CONFIG=config/missing.yaml")
    assert ended.returncode != 0
    assert "Failed; what went wrong" not in ended.stdout
    assert "missing.yaml" in ended.stderr
    assert "cannot access" not in ended.stderr
