"""Archives taken from the first source that has them."""

import pytest

from binary_activations.data.downloads import fetch
from binary_activations.errors import StudyError
from samples.archives import md5


def test_fetch_takes_the_first_source_that_serves_a_correct_copy(tmp_path, archive, capsys):
    wrong, right = tmp_path / "wrong", tmp_path / "right"
    for folder in (wrong, right):
        folder.mkdir()
        (folder / "a.zip").write_bytes(archive.read_bytes())
    (wrong / "a.zip").write_bytes(b"an error page")
    sources = [str(tmp_path / "missing"), str(wrong), str(right)]
    fetch("a.zip", sources, {"md5": md5(archive)}, tmp_path / "got" / "a.zip")
    assert md5(tmp_path / "got" / "a.zip") == md5(archive)
    assert "missing does not exist" in capsys.readouterr().out


def test_a_mirror_in_the_home_folder_is_found(tmp_path, archive, monkeypatch):
    monkeypatch.setenv("HOME", str(archive.parent))
    fetch(archive.name, ["~"], {"md5": md5(archive)}, tmp_path / "got" / "a.zip")
    assert md5(tmp_path / "got" / "a.zip") == md5(archive)


def test_fetch_tells_what_was_wrong_with_each_source_and_leaves_nothing(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "a.gz").write_bytes(b"x")
    sources = [str(tmp_path / name) for name in ("missing", "empty", "wrong")]
    with pytest.raises(StudyError) as error:
        fetch("a.gz", sources, {"md5": "0" * 32}, tmp_path / "got" / "a.gz")
    message = str(error.value)
    assert "a.gz: no source served a correct copy; set data.mirror" in message
    assert "missing does not exist" in message
    assert "empty has no a.gz" in message
    assert "truncated or altered" in message
    assert not (tmp_path / "got").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, archive):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StudyError, match=r"file/a.zip: cannot be written"):
        fetch(archive.name, [str(archive.parent)], {}, tmp_path / "file" / "a.zip")


def test_a_machine_without_a_network_is_told_so_once(tmp_path, capsys):
    with pytest.raises(StudyError) as error:
        fetch("a.gz", ["http://no-such-host.invalid/x"], {}, tmp_path / "a.gz")
    assert str(error.value).splitlines()[1:] == [
        "  http://no-such-host.invalid/x: cannot reach no-such-host.invalid; is there a network?"
    ]
    assert capsys.readouterr().out == ""
