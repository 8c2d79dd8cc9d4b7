"""Files are whole or absent."""

import json
import os
import stat

import pytest

from binary_activations.errors import StudyError
from binary_activations.files import write_atomically


def test_a_failed_write_leaves_the_old_file_and_is_named(tmp_path, monkeypatch):
    path = tmp_path / "out.json"
    write_atomically(path, json.dumps(1))

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudyError, match=r"out.json: cannot be written \(No space left"):
        write_atomically(path, json.dumps(2))
    assert path.read_text() == "1"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]
    assert stat.S_ISREG(path.stat().st_mode)
