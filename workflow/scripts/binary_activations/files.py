"""Files that are whole or absent, and digests of files."""

import contextlib
import hashlib
import os
from pathlib import Path

from binary_activations.errors import StudyError


def write_atomically(path, content):
    """Writes a file so that nobody ever sees half of it.

    The content goes to a file of the same name plus `.part`, is flushed to the disk and renamed
    into place. If that fails, the `.part` file is removed.

    Args:
        path: where to write; missing folders are made.
        content: bytes, or text (written as UTF-8).

    Raises:
        StudyError: where the file cannot be written (full disk, read-only folder).
    """
    path = Path(path)
    partial = path.with_name(path.name + ".part")
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StudyError(
            f"{path}: cannot be written ({error.strerror}); "
            "free some space or make the folder writable, then run again"
        ) from error


def file_digest(path, algorithm):
    """Computes the hexadecimal digest of a file; `algorithm` is a name that hashlib knows."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
