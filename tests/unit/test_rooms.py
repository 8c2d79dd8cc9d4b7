"""The package's rooms: imports run one way, and what rules import loads no PyTorch."""

import ast
import re
import subprocess
import sys

import pytest

from projects import ROOT

SCRIPTS = ROOT / "workflow" / "scripts"
PACKAGE = SCRIPTS / "binary_activations"
# The rooms or single modules that each room may import. It may also import itself and the
# package's own files.
MAY_IMPORT = {
    "data": set(),
    "estimators": set(),
    "networks": {"estimators"},
    "study": {"data.contents", "estimators.catalogue", "networks.shapes"},
    "training": {"study", "data", "estimators", "networks"},
    "inspection": {"data", "estimators", "networks", "training", "study.tasks"},
    "reporting": {"study"},
    "figures": {"data", "training", "inspection", "reporting", "study.widths"},
}

# Unit tests of the project as a whole.
ABOUT_ALL = ("documents", "environment", "rooms")


def imported(path):
    """What a file imports from the package, anywhere in it: `room.module`, or `file`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE.name:
            inner = node.module.split(".")[1:]
            names = [alias.name for alias in node.names]
            whole = PACKAGE.joinpath(*inner).is_dir()
            yield from (".".join([*inner, name]) for name in names) if whole else [".".join(inner)]


def test_every_room_is_known():
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms == set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room):
    files = {path.stem for path in PACKAGE.glob("*.py")}
    allowed = files | {room} | MAY_IMPORT[room]
    for path in (PACKAGE / room).rglob("*.py"):
        found = {name for name in imported(path) if not {name, name.split(".")[0]} & allowed}
        assert not found, path
    for path in PACKAGE.glob("*.py"):
        assert set(imported(path)) <= files, path


def test_there_is_no_circle_of_rooms():
    order = list(MAY_IMPORT)
    for room, others in MAY_IMPORT.items():
        assert all(order.index(other.split(".")[0]) < order.index(room) for other in others)


def test_modules_are_loaded_by_name_in_one_place_alone():
    """Code digests follow statements: an import by a name that is worked out escapes them."""
    loader = re.compile(r"(?<![.\w])(import_module|__import__|exec|eval)\(|runpy|importlib\.util")
    found = [path for path in PACKAGE.rglob("*.py") if loader.search(path.read_text())]
    assert found == [PACKAGE / "estimators" / "base.py"]


def test_every_unit_test_is_at_the_path_of_a_module():
    for path in (ROOT / "tests" / "unit").rglob("test_*.py"):
        room = path.parent.relative_to(ROOT / "tests" / "unit")
        modules = [module.stem for module in (PACKAGE / room).glob("*.py")]
        name = path.stem.removeprefix("test_")
        known = name in modules or any(name.startswith(f"{module}_") for module in modules)
        assert known or name in ABOUT_ALL, path


def test_every_module_has_a_test_at_its_path():
    for path in PACKAGE.rglob("*.py"):
        if path.stem not in ("__init__", "errors"):
            room = path.parent.relative_to(PACKAGE)
            assert (ROOT / "tests" / "unit" / room / f"test_{path.stem}.py").is_file(), path


def test_no_program_has_the_name_of_a_module():
    programs = {path.stem for path in SCRIPTS.glob("*.py")}
    assert not programs & {path.stem for path in PACKAGE.rglob("*.py")}


def test_what_rules_import_loads_no_pytorch():
    names = [f"binary_activations.study.{path.stem}" for path in (PACKAGE / "study").glob("*.py")]
    code = f"import sys, {', '.join(names)}\nassert 'torch' not in sys.modules"
    code += "\nassert 'pandas' not in sys.modules and 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
