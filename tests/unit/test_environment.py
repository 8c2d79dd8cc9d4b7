"""The environment's files agree with each other and name no package registry; it is compiled."""

import ast
import importlib.util
import re
import tomllib
from pathlib import Path

import torch
import yaml

from projects import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)


def names(requirements):
    return {re.match(r"[a-z0-9-]+", entry)[0] for entry in requirements}


def test_conda_pins_are_those_of_the_requirements():
    pinned = set(PIN.findall((ROOT / "requirements.txt").read_text()))
    environment = yaml.safe_load((ROOT / "envs" / "environment.yaml").read_text())
    installed = next(entry["pip"] for entry in environment["dependencies"] if type(entry) is dict)
    pins = [tuple(entry.split("==")) for entry in installed]
    assert set(pins) <= pinned
    assert {name for name, _ in pins} == names(PROJECT["dependencies"])


def test_a_run_installs_no_test_tools_and_both_files_agree():
    """Both are compiled from pyproject.toml, the second with its extra `test`."""
    running, testing = (
        set(PIN.findall((ROOT / name).read_text()))
        for name in ("requirements.txt", "requirements-test.txt")
    )
    assert running < testing
    wanted, tools = names(PROJECT["dependencies"]), names(PROJECT["optional-dependencies"]["test"])
    assert wanted <= {name for name, _ in running}
    assert tools <= {name for name, _ in testing}
    assert tools & {name for name, _ in running} == {"filelock"}  # which PyTorch needs too


def is_valid(path):
    """Tells whether it is of this version of Python."""
    try:
        ast.parse(path.read_bytes())
    except SyntaxError:
        return False
    return True


def test_the_environment_is_compiled():
    """Where there is no byte-code, each process parses thousands of files again."""
    sources = list(Path(torch.__file__).parent.rglob("*.py"))
    assert len(sources) > 1000
    missing = [
        path
        for path in sources
        if not Path(importlib.util.cache_from_source(path)).is_file() and is_valid(path)
    ]
    assert not missing, "run `make env`, or python -m compileall on the environment"


def test_requirements_have_hashes_and_name_no_host():
    for name in ("requirements.txt", "requirements-test.txt", "envs/uv.txt"):
        text = (ROOT / name).read_text()
        pins = PIN.findall(text)
        assert pins
        assert "://" not in text
        for block in re.split(r"\n(?=\S)", text):
            assert "--hash=sha256:" in block or block.startswith("#")
