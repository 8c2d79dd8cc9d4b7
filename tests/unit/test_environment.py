"""The environment's files agree with each other, and name no package registry."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)


def test_conda_pins_are_those_of_the_requirements():
    pinned = set(PIN.findall((ROOT / "requirements.txt").read_text()))
    environment = yaml.safe_load((ROOT / "envs" / "environment.yaml").read_text())
    installed = next(entry["pip"] for entry in environment["dependencies"] if type(entry) is dict)
    pins = [tuple(entry.split("==")) for entry in installed]
    assert set(pins) <= pinned
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.match(r"[a-z0-9-]+", entry)[0] for entry in project["dependencies"]}
    assert {name for name, _ in pins} == wanted


def test_requirements_have_hashes_and_name_no_host():
    for name in ("requirements.txt", "envs/uv.txt"):
        text = (ROOT / name).read_text()
        pins = PIN.findall(text)
        assert pins
        assert "://" not in text
        for block in re.split(r"\n(?=\S)", text):
            assert "--hash=sha256:" in block or block.startswith("#")
