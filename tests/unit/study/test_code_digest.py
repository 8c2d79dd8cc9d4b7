import re

import pytest

from binary_activations.errors import StudyError
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.study import code_digest
from projects import ROOT

SCRIPTS = ROOT / "workflow" / "scripts"
PROGRAM = '"""Doc."""\nfrom binary_activations import one\n\n\ndef main():\n    return one.f()\n'
ONE = '"""Doc."""\nfrom binary_activations.two import g\n\n\ndef f():\n    return g()\n'
CACHED = (*(code_digest._read, code_digest._digest, code_digest._has_code),)
TWO = "import json\n\n\ndef g():\n    return 1\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes modules, by name or path, and returns the program's digest; None deletes one."""
    folder = tmp_path / "binary_activations"
    monkeypatch.setattr(code_digest, "PACKAGE", folder)

    def clear():
        for cached in CACHED:
            cached.cache_clear()

    def digest(modules=(), **more):
        for name, text in {**dict(modules), **more}.items():
            path = tmp_path / "program.py" if name == "program" else folder / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.unlink() if text is None else path.write_text(text)
        clear()
        return code_digest.code_digest(tmp_path / "program.py")

    digest(one=ONE, two=TWO, other="X = 1\n", program=PROGRAM)
    yield digest
    clear()


def changed(text, *replacements):
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def test_comments_docstrings_and_layout_change_nothing(package):
    before = package()
    assert before == package(one=changed(ONE, ("Doc", "Other"), ("return", "\n    return")))
    assert before == package(two="# comment\n" + TWO)


def test_code_of_the_program_and_its_imports_counts(package):
    before = package()
    digests = {
        before,
        package(two=changed(TWO, ("1", "2"))),
        package(one=changed(ONE, ("g()", "g() + 1"))),
        package(program=PROGRAM + "main()\n"),
    }
    assert len(digests) == 4


def test_code_that_is_not_reached_does_not_count(package):
    assert package() == package(other="X = 2\n")


def test_a_string_that_is_no_docstring_counts(package):
    assert package(two="A = 'x'\n" + TWO) != package(two="A = 'y'\n" + TWO)


def test_modules_of_subpackages_count(package):
    """However they are imported; once, their edits went unseen."""
    for importing in (
        "from binary_activations.inner import two\n",
        "from binary_activations.inner.two import g as h\n",
        "import binary_activations.inner.two\n",
        "def late():\n    from binary_activations.inner.two import g\n",
    ):
        modules = {"inner/two": TWO}
        before = package(modules, program=importing)
        assert before == package({"inner/two": "# comment\n" + TWO})
        assert before != package({"inner/two": changed(TWO, ("1", "2"))})


def test_a_module_that_moves_changes_nothing(package):
    before = package()
    moved = changed(ONE, ("binary_activations.two", "binary_activations.inner.renamed"))
    modules = {"inner/renamed": TWO, "inner/__init__": '"""A room."""\n', "two": None}
    assert before == package(modules, one=moved)
    program = changed(PROGRAM, ("binary_activations import", "binary_activations.outer import"))
    assert before == package({"outer/one": moved, "one": None}, program=program)


def test_the_order_and_the_grouping_of_imports_change_nothing(package):
    one = "from binary_activations.other import X\nfrom binary_activations.two import g\n"
    turned = "from binary_activations.two import g\nfrom binary_activations.other import X\n"
    assert package(one=one) == package(one=turned)
    two = changed(TWO, ("return 1", "return 1\n\n\ndef h():\n    return 2"))
    together = package(one="from binary_activations.two import g, h\n", two=two)
    apart = "from binary_activations.two import h\nfrom binary_activations.two import g\n"
    assert together == package(one=apart)


def test_what_is_imported_from_where_counts(package):
    """Of two modules that both are reached, and both have the name."""
    both = "from binary_activations import other\nfrom binary_activations import two\n"
    digests = {
        package(
            other=changed(TWO, ("return 1", "return 2")),
            one=f"{both}from binary_activations.{module} import g{alias}\n",
        )
        for module in ("two", "other")
        for alias in ("", " as f")
    }
    assert len(digests) == 4


G, H = (f"from binary_activations.{module} import g\n" for module in ("two", "other"))


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        (f"if 1:\n    {G}else:\n    {H}", f"if 1:\n    {H}else:\n    {G}"),
        (f"def a():\n    {G}\n\ndef b():\n    {H}", f"def a():\n    {H}\n\ndef b():\n    {G}"),
        (f"def a():\n    {G}    return g\n", f"def a():\n    return g\n    {G}"),
    ],
    ids=["condition", "functions", "order in a function"],
)
def test_where_an_import_stands_counts_below_the_top(package, text, swapped):
    other = changed(TWO, ("return 1", "return 2"))
    assert package(other=other, one=text) != package(other=other, one=swapped)


def test_what_makes_the_order_of_imports_count_is_an_error(package):
    for one in (G + H, f"def g(): ...\n\n\n{G}", f"{G}g = 1\n"):
        with pytest.raises(StudyError, match=r"one.py: g: imported, and bound once more"):
            package(other=TWO + "\n", one=one)
    with pytest.raises(StudyError, match="in a line of its own"):
        package(one="import math, binary_activations.two\n")


def test_an_import_that_cannot_be_resolved_is_an_error(package):
    for importing, what in (
        ("from binary_activations.gone import f\n", "binary_activations.gone.f"),
        ("import binary_activations.inner.gone\n", "binary_activations.inner.gone"),
        ("from binary_activations import gone\n", "binary_activations.gone"),
    ):
        with pytest.raises(StudyError, match=rf"one.py:2: .* no module for {re.escape(what)}"):
            package(one=f"\n{importing}")
    with pytest.raises(StudyError, match=r"one.py:1: a relative import"):
        package(one="from . import two\n")
    with pytest.raises(StudyError, match=r"in a circle: one.py -> two.py -> one.py"):
        package(one=ONE, two="from binary_activations.one import f\n")


def test_annotations_change_nothing(package):
    plain = "def f(a, *b, c=1, **d):\n    x: int = 1\n    return x\n"
    typed = "def f(a: int, *b: str, c: float = 1, **d: dict) -> list:\n    x: float = 1\n"
    typed += "    return x\n"
    assert package(one=plain) == package(one=typed)
    assert package(one=plain) != package(one=changed(plain, ("c=1", "c=2")))
    # That a class has a field is no annotation: data classes are made of them.
    assert package(one="class A:\n    x: int\n") == package(one="class A:\n    x: str\n")
    assert package(one="class A:\n    x: int\n") != package(one="class A:\n    y: int\n")


@pytest.mark.parametrize(
    ("text", "reworded"),
    [
        ("print('so far', n)", "print(f'until {n} now')"),
        ("print('so far', flush=True)", "print('until now', flush=True)"),
        ("raise ValueError(f'{n}: bad')", "raise ValueError('bad: ' + n)"),
        ("raise ValueError('bad') from n", "raise ValueError('worse') from n"),
        ("assert n, 'bad'", "assert n, f'worse: {n}'"),
        ("logger.warning('%s is bad', n)", "logger.warning('bad')"),
        ("warnings.warn('bad', stacklevel=2)", "warnings.warn('worse', stacklevel=2)"),
        ("print('next:', next(n))", "print('then:', next(n))"),
        ("print(f'next: {next(n)}')", "print(f'{next(n)} is next')"),
        ("print('bad', file=sys.stderr)", "print('worse', file=sys.stderr)"),
    ],
)
def test_the_texts_of_messages_change_nothing(package, text, reworded):
    function = "def f(n):\n    {}\n"
    assert package(one=function.format(text)) == package(one=function.format(reworded))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("raise ValueError('bad')", "raise KeyError('bad')"),
        ("print('a', next(n))", "print('a', len(n))"),
        ("print('a', file=n)", "print('a', file=None)"),
        ("assert n, 'bad'", "assert not n, 'bad'"),
        ("logger.warning('bad')", "logger.error('bad')"),
        ("write('a')", "write('b')"),
        ("n.print('a')", "n.print('b')"),
        ("print(save('a'))", "print(save('b'))"),
        ("print(m := 'a')", "print(m := 'b')"),
        ("print(*n)", "print()"),
        ("print([x for x in n])", "print([])"),
        ("print('a', file=n)", "print('b', file=n)"),
        ("raise SystemExit(0)", "raise SystemExit(1)"),
        ("raise chosen(0)", "raise chosen(1)"),
        ("warnings.simplefilter('error')", "warnings.simplefilter('ignore')"),
    ],
)
def test_what_messages_do_counts(package, text, other):
    function = "def f(n):\n    {}\n"
    assert package(one=function.format(text)) != package(one=function.format(other))


def test_the_digest_is_the_same_in_every_version_of_python(package):
    source = "type_parameters = [x for x in (1, None) if x]\n\n\nclass A:\n    def f(self): ...\n"
    assert package(program=source) == (
        "7378f1bb36b7ba055856ec4cf19a70280bde463211d9bd69ab3777c2e7c2a7fc"
    )


def test_the_package_itself_counts(package):
    before = package(__init__="")
    assert before != package(__init__="import os\n")
    assert before == package(__init__='"""Only a docstring."""\n')
    with pytest.raises(StudyError, match=r"in a circle: __init__.py -> "):
        package(__init__="from binary_activations.two import g\n")
    package(__init__="")
    before = package({"inner/two": TWO}, one="from binary_activations.inner import two\n")
    assert before != package({"inner/__init__": "import os\n"})
    assert before == package({"inner/__init__": '"""A room."""\n'})


SHARED = {"estimators/base.py", "estimators/firing.py"}


def reached_files(path):
    """Returns a file and those that it imports from the package, transitively."""
    found, waiting = set(), [path]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            _, outer, inner = code_digest._read(path)
            waiting.extend(file for imports in (outer, *inner) for file, _, _ in imports)
    return found


@pytest.mark.parametrize("kind", ["classifier", "few_shot"])
def test_training_reaches_no_code_of_figures_tables_or_estimators(kind):
    files = reached_files(SCRIPTS / f"train_{kind}.py")
    names = {"/".join(path.parts[-2:]) for path in files}
    assert {"training/fit.py", "training/checkpoints.py", "training/slopes.py"} <= names
    assert "networks/convolutional.py" in names
    assert {name for name in names if name.startswith("estimators")} == SHARED
    other = {"classifier": "few_shot", "few_shot": "classification"}[kind]
    assert f"training/{other}.py" not in names
    assert not {"inspection", "figures", "reporting"} & {path.parts[-2] for path in files}
    assert "data/archives.py" not in names


def test_a_training_has_the_digest_of_its_own_estimator():
    program = SCRIPTS / "train_classifier.py"
    names = [None, *CATALOGUE]
    assert len({code_digest.training_digest(program, name) for name in names}) == len(names)


def test_an_estimator_with_a_row_but_no_module_is_named():
    with pytest.raises(
        StudyError, match=r"the estimator mine has a row .* no .*estimators/mine.py"
    ):
        code_digest.training_digest(SCRIPTS / "train_classifier.py", "mine")
