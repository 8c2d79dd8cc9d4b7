"""The package's rooms: imports run one way, and what rules import loads no PyTorch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
PACKAGE = SCRIPTS / "binary_activations"
# What each room may import besides itself and the package's own files.
MAY_IMPORT = {
    "study": set(),
    "data": set(),
    "estimators": set(),
    "networks": {"estimators"},
    "training": {"study", "data", "estimators", "networks"},
    "inspection": {"data", "networks", "training"},
    "reporting": {"study"},
    "figures": {"data", "training", "inspection", "reporting"},
}


def imported_rooms(path):
    """The rooms that a file imports from, anywhere in it; the files beside them by their names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE.name:
            inner = node.module.split(".")[1:]
            yield from [inner[0]] if inner else [alias.name for alias in node.names]


def test_every_room_is_known():
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms == set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room):
    files = {path.stem for path in PACKAGE.glob("*.py")}
    allowed = files | {room} | MAY_IMPORT[room]
    for path in (PACKAGE / room).rglob("*.py"):
        assert set(imported_rooms(path)) <= allowed, path
    for path in PACKAGE.glob("*.py"):
        assert set(imported_rooms(path)) <= files, path


def test_there_is_no_circle_of_rooms():
    order = list(MAY_IMPORT)
    for room, others in MAY_IMPORT.items():
        assert all(order.index(other) < order.index(room) for other in others)


def test_no_program_has_the_name_of_a_module():
    programs = {path.stem for path in SCRIPTS.glob("*.py")}
    assert not programs & {path.stem for path in PACKAGE.rglob("*.py")}


def test_what_rules_import_loads_no_pytorch():
    names = [f"binary_activations.study.{path.stem}" for path in (PACKAGE / "study").glob("*.py")]
    code = f"import sys, {', '.join(names)}\nassert 'torch' not in sys.modules"
    code += "\nassert 'pandas' not in sys.modules and 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
