"""A digest of the code that a program reaches: the key to exact staleness.

Two versions of a program have the same digest when, and only when, their syntax trees are the same
and so are those of all modules of this package that they import, directly or through other modules.
What cannot change a result is left out: comments, docstrings, formatting, annotations, and the
texts of messages. A module counts by its content, not by its name or place, so moving a file makes
nothing stale.
"""

import ast
import functools
import hashlib
from pathlib import Path

from binary_activations.errors import StudyError

PACKAGE = next(
    path for path in Path(__file__).resolve().parents if path.name == "binary_activations"
)
LOGGERS = {"logger", "logging", "warnings"}
# What an expression holds that may do more than make a text.
EFFECTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


class _Stripped(ast.NodeTransformer):
    """A tree without docstrings, annotations and the texts of messages."""

    def _body(self, node):
        if ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        return self.generic_visit(node)

    def visit_Module(self, node):
        return self._body(node)

    def visit_ClassDef(self, node):
        return self._body(node)

    def visit_FunctionDef(self, node):
        node.returns = None
        return self._body(node)

    def visit_AsyncFunctionDef(self, node):
        return self.visit_FunctionDef(node)

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_AnnAssign(self, node):
        node.annotation = None
        return self.generic_visit(node)

    def visit_Call(self, node):
        if _tells(node.func):
            node.args = _without_texts(node.args)
        return self.generic_visit(node)

    def visit_Raise(self, node):
        if isinstance(node.exc, ast.Call):
            node.exc.args = _without_texts(node.exc.args)
        return self.generic_visit(node)

    def visit_Assert(self, node):
        node.msg = None
        return self.generic_visit(node)


def _tells(function):
    """Whether a call is of `print` or of a logger's method."""
    match function:
        case ast.Name(name):
            return name == "print"
        case ast.Attribute(ast.Name(name)):
            return name in LOGGERS
    return False


def _without_texts(arguments):
    """Of a message's arguments those that may do something; their own texts are left out."""
    kept = [node for node in arguments if any(isinstance(n, EFFECTS) for n in ast.walk(node))]
    for node in kept:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                part.value = ""
    return kept


def _dump(value):
    """A syntax tree as text, without empty fields: versions of Python differ in those."""
    if isinstance(value, ast.AST):
        fields = ((name, getattr(value, name, None)) for name in value._fields)
        shown = (f"{name}={_dump(child)}" for name, child in fields if child not in (None, []))
        return f"{type(value).__name__}({','.join(shown)})"
    if isinstance(value, list):
        return f"[{','.join(map(_dump, value))}]"
    return repr(value)


def _is_package(node):
    """Whether a statement imports from this package."""
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        return False
    return any(name.split(".")[0] == PACKAGE.name for name in names)


def _imported(node, path):
    """What a statement imports from this package: files, the name in each, and what it is bound to.

    Raises:
        StudyError: where the package has no such module.
    """
    if isinstance(node, ast.Import):
        wanted = [(alias.name, None, alias.asname or alias.name) for alias in node.names]
    else:
        wanted = [(node.module, alias.name, alias.asname or alias.name) for alias in node.names]
    for module, name, bound in wanted:
        place = PACKAGE.joinpath(*module.split(".")[1:])
        inner = _module_file(place / name) if name else None
        found = inner or _module_file(place)
        if not found:
            what = f"{module}.{name}" if name else module
            raise StudyError(f"{path}:{node.lineno}: the package has no module for {what}")
        yield found, None if inner else name, bound
        for folder in (PACKAGE, *found.relative_to(PACKAGE).parents[:-1]):
            yield from _initialisation(PACKAGE / folder / "__init__.py")


def _initialisation(path):
    """A folder's `__init__.py`, which importing from it runs, if there is code in it."""
    if path.is_file() and _read(path) != _NOTHING:
        yield path, None, ""


def _module_file(place):
    """The file of the module at a place in the package; None where there is none."""
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


@functools.cache
def _read(path):
    """One file: its tree as text without imports from the package, and these imports."""
    tree = _Stripped().visit(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    imports = []
    for parent in list(ast.walk(tree)):
        if isinstance(parent, ast.ImportFrom) and parent.level:
            raise StudyError(f"{path}:{parent.lineno}: a relative import; name the package")
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list):
                found = [node for node in value if _is_package(node)]
                imports += [item for node in found for item in _imported(node, path)]
                value[:] = [node for node in value if node not in found]
    return _dump(tree), tuple(imports)


_NOTHING = _dump(ast.Module([])), ()


_open = []  # files whose digests are being made


@functools.cache
def _digest(path):
    if path in _open:
        circle = " -> ".join(each.name for each in [*_open[_open.index(path) :], path])
        raise StudyError(f"modules import each other in a circle: {circle}")
    _open.append(path)
    try:
        text, imports = _read(path)
        reached = {f"{_digest(file)} {name} {bound}" for file, name, bound in imports}
    finally:
        _open.pop()
    return hashlib.sha256("\n".join([text, *sorted(reached)]).encode()).hexdigest()


@functools.cache
def reached_files(program):
    """The program and the modules of this package that it imports, transitively.

    Args:
        program: path of a Python file.

    Returns:
        The files' absolute paths, in sorted order.

    Raises:
        StudyError: where a file imports what the package does not have.
        SyntaxError: where one of the files is not valid Python.
    """
    found, waiting = set(), [Path(program).resolve()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(file for file, _, _ in _read(path)[1])
    return sorted(found)


def code_digest(program):
    """SHA-256, in hexadecimal, over a program's syntax tree and those of what it imports.

    Args:
        program: path of a Python file.

    Raises:
        StudyError: where a file imports what the package does not have, or modules import each
            other in a circle.
        SyntaxError: where one of the files is not valid Python.
    """
    return _digest(Path(program).resolve())
