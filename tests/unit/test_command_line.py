"""What the programs share: options, and errors told in one line."""

import ast
import gc
import runpy
import signal
import sys

import pytest

from binary_activations import command_line
from binary_activations.errors import StudyError
from projects import ROOT

PROGRAMS = [*(ROOT / "workflow/scripts").glob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
PROGRAMS = sorted(path for path in PROGRAMS if '"__main__"' in path.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def unfrozen():
    """Undoes what `run` does to the garbage collection of the whole process."""
    yield
    gc.unfreeze()


def test_a_study_error_ends_a_program_with_one_line(capsys):
    def fail():
        raise StudyError("a.zip: truncated; delete it")

    with pytest.raises(SystemExit, match=r"^error: a.zip: truncated; delete it$"):
        command_line.run(fail)


def test_an_interrupt_ends_with_its_status(capsys):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        command_line.run(interrupt)
    assert ended.value.code == 128 + signal.SIGINT
    assert capsys.readouterr().err == "interrupted; run again to go on\n"


def test_options_are_required_and_typed():
    parser = command_line.parser("A program.\n\nWhat it does.")
    command_line.replicate_options(parser)
    arguments = parser.parse_args(["--settings", '{"a": 1}', "--seed", "3", "--data", "x.npz"])
    assert arguments.settings == {"a": 1}
    assert (arguments.seed, arguments.threads, arguments.data.name) == (3, 1, "x.npz")
    assert "What it does." in parser.format_help()
    with pytest.raises(SystemExit):
        parser.parse_args(["--seed", "3"])


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_help_says_what_a_program_does(path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", [path.name, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(path), run_name="__main__")
    assert not ended.value.code
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert told in capsys.readouterr().out
