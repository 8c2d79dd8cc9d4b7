from pathlib import Path

import pytest

from binary_activations import code_digest

SCRIPTS = Path(__file__).parents[2] / "workflow" / "scripts"
PROGRAM = '"""Doc."""\nfrom binary_activations import one\n\n\ndef main():\n    return one.f()\n'
ONE = '"""Doc."""\nfrom binary_activations.two import g\n\n\ndef f():\n    return g()\n'
TWO = "import json\n\n\ndef g():\n    return 1\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "binary_activations"
    folder.mkdir()
    for name, text in (("one", ONE), ("two", TWO), ("other", "X = 1\n")):
        (folder / f"{name}.py").write_text(text)
    (tmp_path / "program.py").write_text(PROGRAM)
    monkeypatch.setattr(code_digest, "PACKAGE", folder)

    def digest(**changes):
        for name, text in changes.items():
            path = tmp_path / "program.py" if name == "program" else folder / f"{name}.py"
            path.write_text(text)
        for cached in (code_digest._read, code_digest.reached_files, code_digest.code_digest):
            cached.cache_clear()
        return code_digest.code_digest(tmp_path / "program.py")

    yield digest
    digest()


def test_comments_docstrings_and_layout_change_nothing(package):
    before = package()
    assert before == package(one=ONE.replace("Doc", "Other").replace("return", "\n    return"))
    assert before == package(two="# comment\n" + TWO)


def test_code_of_the_program_and_its_imports_counts(package):
    before = package()
    digests = {
        before,
        package(two=TWO.replace("1", "2")),
        package(one=ONE.replace("g()", "g() + 1")),
        package(program=PROGRAM + "main()\n"),
    }
    assert len(digests) == 4


def test_code_that_is_not_reached_does_not_count(package):
    assert package() == package(other="X = 2\n")


def test_a_string_that_is_no_docstring_counts(package):
    assert package(two="A = 'x'\n" + TWO) != package(two="A = 'y'\n" + TWO)


def test_the_digest_is_the_same_in_every_version_of_python(package):
    source = "type_parameters = [x for x in (1, None) if x]\n\n\nclass A:\n    def f(self): ...\n"
    assert package(program=source) == (
        "5c7b73035f64301cd32a1956e3b9e43f10c09be03e2ac51d16b0b9f89f6a6c1c"
    )


def test_the_package_itself_counts(package):
    before = package(__init__="")
    assert before != package(__init__="import os\n")
    assert before == package(__init__='"""Only a docstring."""\n')


@pytest.mark.parametrize("dataset", ["mnist", "omniglot"])
def test_training_reaches_no_code_of_figures_or_tables(dataset):
    names = {path.stem for path in code_digest.reached_files(SCRIPTS / f"train_{dataset}.py")}
    assert {"training", "estimators", "networks", "checkpoints", "slopes"} <= names
    other = {"mnist": "few_shot", "omniglot": "classification"}[dataset]
    assert not {other, "heatmaps", "style", "figures", "tables", "archives", "labels"} & names
