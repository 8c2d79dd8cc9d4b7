"""A digest of the code that a program reaches: the key to exact staleness.

Two versions of a program have the same digest exactly when their syntax trees are the same. This
includes all modules of this package that they import, directly or through other modules. The digest
leaves out what cannot change a result: comments, docstrings, formatting, annotations, and the texts
of messages. A module counts by its content and not by its name or place, so moving a file makes
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
LEVELS = {"debug", "info", "warn", "warning", "error", "exception", "critical"}
# Parts of an expression that may do more than make a text.
EFFECTS = (
    *(ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Starred),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


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
        if _tells(node):
            node.args = _without_texts(node.args)
        return self.generic_visit(node)

    def visit_Raise(self, node):
        if isinstance(node.exc, ast.Call) and _is_error(node.exc.func):
            node.exc.args = _without_texts(node.exc.args)
        return self.generic_visit(node)

    def visit_Assert(self, node):
        node.msg = None
        return self.generic_visit(node)


def _tells(call):
    """Tells whether a call only reports: `print`, or a logger's method."""
    match call.func:
        case ast.Name("print"):
            files = [word.value for word in call.keywords if word.arg == "file"]
            return all(ast.unparse(file) == "sys.stderr" for file in files)
        case ast.Attribute(ast.Name(name), method):
            return name in LOGGERS and method in LEVELS
    return False


def _is_error(function):
    """Tells by its name whether what is raised is an error, whose arguments are its message."""
    name = ast.unparse(function).split(".")[-1]
    return name.endswith("Error")


def _without_texts(arguments):
    """Returns the parts of a message's arguments that may do more than make a text."""
    return [effect for node in arguments for effect in _effects(node)]


def _effects(node):
    if isinstance(node, EFFECTS):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _effects(child)


def _dump(value):
    """Returns a syntax tree as text, without empty fields, in which Python versions differ."""
    if isinstance(value, ast.AST):
        fields = ((name, getattr(value, name, None)) for name in value._fields)
        shown = (f"{name}={_dump(child)}" for name, child in fields if child not in (None, []))
        return f"{type(value).__name__}({','.join(shown)})"
    if isinstance(value, list):
        return f"[{','.join(map(_dump, value))}]"
    return repr(value)


def _is_package(node, path):
    """Tells whether a statement imports from this package.

    Raises:
        StudyError: where it imports from another one too.
    """
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        return False
    ours = {name.split(".")[0] == PACKAGE.name for name in names}
    if len(ours) > 1:
        raise StudyError(f"{path}:{node.lineno}: import the package in a line of its own")
    return ours.pop()


def _imported(node, path):
    """Yields each import of a statement from this package: file, name in it, name it is bound to.

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
    """Yields a folder's `__init__.py`, which an import from the folder runs, if it has code."""
    if path.is_file() and _has_code(path):
        yield path, None, ""


@functools.cache
def _has_code(path):
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return len(tree.body) > (ast.get_docstring(tree, clean=False) is not None)


def _module_file(place):
    """Returns the file of the module at a place in the package; None where there is none."""
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file():
            return path
    return None


@functools.cache
def _read(path):
    """Reads one file.

    Returns:
        Its tree as text, without imports from the package; the imports of the module itself, in
        any order; the imports in functions and conditions, whose places the text marks.
    """
    tree = _Stripped().visit(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    inner = []
    for parent in list(ast.walk(tree)):
        if isinstance(parent, ast.ImportFrom) and parent.level:
            raise StudyError(f"{path}:{parent.lineno}: a relative import; name the package")
        if parent is tree:
            continue
        for _, value in ast.iter_fields(parent):
            for place, node in enumerate(value) if isinstance(value, list) else ():
                if _is_package(node, path):
                    value[place] = ast.Expr(ast.Constant(f"import {len(inner)}"))
                    inner.append(tuple(_imported(node, path)))
    found = [node for node in tree.body if _is_package(node, path)]
    tree.body = [node for node in tree.body if node not in found]
    outer = {item for node in found for item in _imported(node, path)}
    _check_names(path, tree, outer)
    return _dump(tree), tuple(outer), tuple(inner)


def _check_names(path, tree, imports):
    """Refuses a name that is bound twice, for which the order of imports would count."""
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = [node.name for node in tree.body if isinstance(node, defined)]
    for node in tree.body:
        for part in [] if isinstance(node, defined) else ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                names.append(part.id)
            if isinstance(part, ast.Import | ast.ImportFrom):
                names += [alias.asname or alias.name.split(".")[0] for alias in part.names]
    bound = [name for _, _, name in imports if name]
    if "*" in bound:
        raise StudyError(f"{path}: import * from the package; name what is imported")
    twice = {name for name in bound if name in names or bound.count(name) > 1}
    if twice:
        raise StudyError(f"{path}: {', '.join(sorted(twice))}: imported, and bound once more")


_open = []  # files whose digests are being made


@functools.cache
def _digest(path):
    if path in _open:
        circle = " -> ".join(each.name for each in [*_open[_open.index(path) :], path])
        raise StudyError(f"modules import each other in a circle: {circle}")
    _open.append(path)
    try:
        text, outer, inner = _read(path)
        parts = [
            sorted(f"{_digest(file)} {name} {bound}" for file, name, bound in imports)
            for imports in (outer, *inner)
        ]
    finally:
        _open.pop()
    return hashlib.sha256("\n\n".join([text, *map("\n".join, parts)]).encode()).hexdigest()


def code_digest(program):
    """Computes the SHA-256, in hexadecimal, of a program's syntax tree and its imports'.

    Args:
        program: path of a Python file.

    Raises:
        StudyError: where a file imports what the package does not have, or modules import each
            other in a circle.
        SyntaxError: where one of the files is not valid Python.
    """
    return _digest(Path(program).resolve())


def training_digest(program, estimator):
    """Returns the digest of all code that decides a training.

    Estimators are loaded by name (`estimators.base`), so no import leads to their modules. This
    function adds the one that a training uses.

    Args:
        program: path of the training's program.
        estimator: name of the gradient estimator; None for a network with no binary layer.

    Raises:
        StudyError: as `code_digest`, and where the estimator has no module.
    """
    digests = [code_digest(program)]
    if estimator:
        module = PACKAGE / "estimators" / f"{estimator}.py"
        if not module.is_file():
            raise StudyError(
                f"the estimator {estimator} has a row in the catalogue but no {module}"
            )
        digests.append(code_digest(module))
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
