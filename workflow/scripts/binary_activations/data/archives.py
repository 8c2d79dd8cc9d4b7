"""The archives: verified, read, never unpacked onto the disk.

MNIST comes as four gzipped IDX files, Omniglot as two zip archives of drawings.
"""

import contextlib
import gzip
import hashlib
import io
import re
import zipfile
import zlib

import numpy as np
from PIL import Image

from binary_activations.data.contents import DRAWERS
from binary_activations.errors import StudyError
from binary_activations.files import file_digest

DRAWING_SIZE = 105
REMEDY = "delete it and run again, or take it from another mirror (data.mirror)"
_MEMBER = re.compile(
    r"images_(?:background|evaluation)/([^/\\]+)/(character\d\d)/\d{4}_(\d\d)\.png"
)
IDX_UNSIGNED_BYTES = 8


def verify(path, expected):
    """Checks an archive against its published digests.

    Args:
        path: the archive.
        expected: `md5` of the file and, for drawings, `drawings_sha256`. The latter decides where
            the MD5 differs: mirrors repack archives without changing a pixel. An empty mapping
            accepts anything.

    Raises:
        StudyError: where the archive is not the published one.
    """
    if not expected or file_digest(path, "md5") == expected["md5"]:
        return
    if "drawings_sha256" not in expected:
        raise StudyError(
            f"{path}: truncated or altered (its MD5 is not {expected['md5']}); {REMEDY}; "
            "other data of this format state theirs in archives (docs/other_data.md)"
        )
    found = drawings_sha256(read_drawings(path))
    if found != expected["drawings_sha256"]:
        raise StudyError(
            f"{path}: its drawings are not the published ones (SHA-256 {found}); {REMEDY}"
        )


def read_idx(path, dimensions):
    """Reads a gzipped IDX file of unsigned bytes.

    torchvision's reader takes unpacked files alone, and asserts where this one names the fault.

    Args:
        path: the file.
        dimensions: how many the file must have: 3 for images, 1 for labels.

    Returns:
        A uint8 array of the shape that the file declares.

    Raises:
        StudyError: for a file that is not gzip, not IDX, of another type or shape, or short.
    """
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise StudyError(f"{path}: truncated or not gzip ({error}); {REMEDY}") from error
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error.strerror})") from error
    header = 4 + 4 * dimensions
    if len(content) < header or content[:4] != bytes([0, 0, IDX_UNSIGNED_BYTES, dimensions]):
        raise StudyError(f"{path}: not an IDX file of {dimensions}-d unsigned bytes; {REMEDY}")
    shape = tuple(np.frombuffer(content, ">u4", dimensions, 4).tolist())
    if len(content) - header != np.prod(shape, dtype=object):
        raise StudyError(
            f"{path}: declares shape {shape} but holds {len(content) - header} bytes; {REMEDY}"
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


@contextlib.contextmanager
def open_zip(path):
    """Opens a zip archive to read.

    Raises:
        StudyError: where it is damaged, when it is opened or while members are read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError) as error:
        raise StudyError(f"{path}: truncated or not a zip archive ({error}); {REMEDY}") from error
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error})") from error


def read_drawings(path):
    """Reads an Omniglot archive.

    Args:
        path: zip archive with members `images_.../ALPHABET/characterNN/NNNN_DD.png`.

    Returns:
        `ALPHABET/characterNN/DD` to a bool array [105, 105] (True is white), in sorted order.

    Raises:
        StudyError: for a damaged zip, a member that does not belong, appears twice or is not a
            1-bit 105 x 105 PNG, or a character without all of its 20 drawings.
    """
    drawings = {}
    with open_zip(path) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if member.is_dir():
                continue
            match = _MEMBER.fullmatch(member.filename)
            if match is None:
                raise StudyError(f"{path}: member {member.filename!r} does not belong; {REMEDY}")
            key = "/".join(match.groups())
            if key in drawings:
                raise StudyError(f"{path}: drawing {key} appears twice; {REMEDY}")
            drawings[key] = read_png(archive, member, path)
    drawers = {}
    for key in drawings:
        drawers.setdefault(key[:-3], set()).add(key[-2:])
    complete = {f"{number:02d}" for number in range(1, DRAWERS + 1)}
    if incomplete := [character for character, found in drawers.items() if found != complete]:
        raise StudyError(f"{path}: {incomplete[0]} has not all {DRAWERS} drawings; {REMEDY}")
    if not drawings:
        raise StudyError(f"{path}: holds no drawings; {REMEDY}")
    return dict(sorted(drawings.items()))


def read_png(archive, member, path):
    """Reads one drawing of an open archive.

    Args:
        archive: a `zipfile.ZipFile`.
        member: its `zipfile.ZipInfo`.
        path: of the archive, for messages.

    Returns:
        A bool array [105, 105] (True is white).

    Raises:
        StudyError: where the member is not a 1-bit 105 x 105 PNG.
    """
    wrong = StudyError(
        f"{path}: member {member.filename!r} is not a 1-bit PNG of "
        f"{DRAWING_SIZE} x {DRAWING_SIZE}; {REMEDY}"
    )
    if member.file_size > 1 << 20:
        raise wrong
    try:
        with Image.open(io.BytesIO(archive.read(member)), formats=["PNG"]) as image:
            if image.mode != "1" or image.size != (DRAWING_SIZE, DRAWING_SIZE):
                raise wrong
            return np.asarray(image)
    except (OSError, SyntaxError, ValueError, IndexError, Image.DecompressionBombError) as error:
        raise wrong from error


def drawings_sha256(drawings):
    """Computes the SHA-256 over drawings in sorted order: name, then pixels as packed bits.

    Args:
        drawings: as `read_drawings` returns them.

    Returns:
        The digest in hexadecimal; the same for every archive with the same pixels.
    """
    digest = hashlib.sha256()
    for name, pixels in sorted(drawings.items()):
        digest.update(name.encode("ascii"))
        digest.update(np.packbits(pixels.ravel()).tobytes())
    return digest.hexdigest()
