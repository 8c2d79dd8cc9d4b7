"""A digest of the code that a program reaches: the key to exact staleness.

Two versions of a program have the same digest when, and only when, the program and every
module of this package that it imports, directly or through other modules, have the same
syntax trees. Comments, docstrings, formatting and modification times leave it as it is.
"""

import ast
import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _without_docstrings(tree):
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return tree


def _dump(value):
    """A syntax tree as text, without empty fields: versions of Python differ in those."""
    if isinstance(value, ast.AST):
        fields = ((name, getattr(value, name, None)) for name in value._fields)
        shown = (f"{name}={_dump(child)}" for name, child in fields if child not in (None, []))
        return f"{type(value).__name__}({','.join(shown)})"
    if isinstance(value, list):
        return f"[{','.join(map(_dump, value))}]"
    return repr(value)


def _imported_names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = f"{PACKAGE.name}." if node.level else ""
            module = (base + (node.module or "")).rstrip(".")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@functools.cache
def _read(path):
    """The digest of one file's syntax tree, and the files of this package that it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    imported = (name.split(".") for name in _imported_names(tree))
    modules = {
        PACKAGE / f"{name}.py"
        for package, *rest in imported
        if package == PACKAGE.name
        for name in ("__init__", *rest[:1])
    }
    dump = _dump(_without_docstrings(tree))
    return hashlib.sha256(dump.encode()).hexdigest(), frozenset(filter(Path.is_file, modules))


@functools.cache
def reached_files(program):
    """The program and the modules of this package that it imports, transitively.

    Args:
        program: path of a Python file.

    Returns:
        The files' absolute paths, in sorted order.

    Raises:
        SyntaxError: where one of the files is not valid Python.
    """
    found, waiting = set(), [Path(program).resolve()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_read(path)[1])
    return sorted(found)


@functools.cache
def code_digest(program):
    """SHA-256, in hexadecimal, over the names and syntax trees of `reached_files(program)`."""
    digest = hashlib.sha256()
    for path in reached_files(program):
        digest.update(f"{path.name} {_read(path)[0]}\n".encode())
    return digest.hexdigest()
