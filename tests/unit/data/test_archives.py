"""Archives: verified, read, refused by name. Everything is made here but the last test's files."""

import gzip
import hashlib
import io
import os
import stat
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from binary_activations.data.archives import (
    drawings_sha256,
    read_drawings,
    read_idx,
    verify,
)
from binary_activations.data.embedded import write_drawings, write_idx
from binary_activations.errors import StudyError
from projects import ROOT, needs_mirror
from samples.archives import drawings


def png(mode="1", size=(105, 105), chunk=None):
    """A PNG; with a chunk of this name that has no content, if one is given."""
    content = io.BytesIO()
    Image.new(mode, size).save(content, "PNG")
    header, rest = content.getvalue()[:33], content.getvalue()[33:]
    if chunk:
        header += bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return header + rest


def test_drawings_survive_the_archive(archive):
    found = read_drawings(archive)
    assert list(found) == sorted(drawings())
    assert all(np.array_equal(found[name], pixels) for name, pixels in drawings().items())


def test_the_digest_is_over_names_and_packed_pixels_in_order():
    expected = hashlib.sha256()
    for name, pixels in sorted(drawings(1).items()):
        expected.update(name.encode())
        expected.update(np.packbits(pixels.flatten()).tobytes())
    shuffled = dict(reversed(drawings(1).items()))
    assert drawings_sha256(shuffled) == expected.hexdigest()


def test_a_repacked_archive_is_accepted_by_its_pixels(archive):
    expected = {"md5": "0" * 32, "drawings_sha256": drawings_sha256(drawings())}
    verify(archive, expected)
    altered = drawings()
    altered["Alpha_bet/character01/01"][50, 50] ^= True
    write_drawings(archive, "images_background", altered)
    with pytest.raises(StudyError, match=r"images_background.zip: its drawings are not"):
        verify(archive, expected)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("../evil.png", png(), "does not belong"),
        ("/abs/images_background/A/character01/0001_01.png", png(), "does not belong"),
        ("images_background/A/character01/notes.txt", b"", "does not belong"),
        ("images_background/Alpha_bet/character01/0009_01.png", png(), "appears twice"),
        ("images_background/B/character01/0001_01.png", png(size=(104, 105)), "105 x 105"),
        ("images_background/B/character01/0001_01.png", png(mode="L"), "1-bit"),
        ("images_background/B/character01/0001_01.png", b"no picture", "1-bit PNG"),
        ("images_background/B/character01/0001_01.png", bytes(2 << 20), "1-bit PNG"),
        ("images_background/B/character01/0001_01.png", png(chunk=b"cHRM"), "1-bit PNG"),
        ("images_background/B/character01/0001_01.png", png(), "has not all 20"),
    ],
)
def test_a_wrong_member_is_refused_by_name(archive, name, content, message):
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(name, content)
    with pytest.raises(StudyError, match=message) as error:
        read_drawings(archive)
    assert str(archive) in str(error.value)
    assert list(archive.parent.iterdir()) == [archive]


def test_a_link_is_no_drawing(archive):
    link = zipfile.ZipInfo("images_background/B/character01/0001_01.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(link, "/etc/passwd")
    with pytest.raises(StudyError, match="B/character01/0001_01.png' is not a 1-bit PNG"):
        read_drawings(archive)


@pytest.mark.parametrize("size", [1 << 30, 1 << 40])
def test_a_huge_declared_size_is_refused_unread(archive, size):
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("images_background/B/character01/0001_01.png", png())
        file.infolist()[-1].file_size = size
    with pytest.raises(StudyError, match="B/character01/0001_01.png' is not a 1-bit PNG"):
        read_drawings(archive)


def test_a_missing_alphabet_is_refused(archive):
    complete = drawings() | {f"Other{name[9:]}": pixels for name, pixels in drawings().items()}
    expected = {"md5": "0" * 32, "drawings_sha256": drawings_sha256(complete)}
    with pytest.raises(StudyError, match=r"images_background.zip: its drawings are not"):
        verify(archive, expected)
    write_drawings(archive, "images_background", complete)
    verify(archive, expected)


def test_an_archive_without_drawings_is_refused(archive):
    write_drawings(archive, "images_background", {})
    with pytest.raises(StudyError, match=r"images_background.zip: holds no drawings"):
        read_drawings(archive)


@pytest.mark.parametrize("keep", [0, 10, 5000, -1, -30])
def test_a_truncated_zip_is_refused(archive, keep):
    content = archive.read_bytes()
    archive.write_bytes(content[:keep])
    with pytest.raises(StudyError, match=r"images_background.zip: (truncated|member)"):
        read_drawings(archive)


def test_a_flipped_byte_in_a_zip_is_refused(archive):
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(StudyError, match=r"images_background.zip"):
        verify(archive, {"md5": "0" * 32, "drawings_sha256": drawings_sha256(drawings())})


def idx(tmp_path, content):
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    return path


def test_idx_files_survive(tmp_path):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / "images.gz", array)
    assert np.array_equal(read_idx(tmp_path / "images.gz", 3), array)


def compressed(content):
    """Without the time of day: the tests' names hold it, and each worker collects its own."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an IDX file"),
        (b"not gzip", "not gzip"),
        (compressed(b"\0\0\x08\x01\0\0\0\x02ab"), "not an IDX file of 3-d"),
        (compressed(b"\0\0\x0d\x03" + bytes(12)), "not an IDX file of 3-d"),
        (compressed(b"\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x01a"), "holds 1 bytes"),
        (compressed(b"\0\0\x08\x03" + b"\xff" * 12 + b"a"), "holds 1 bytes"),
        (compressed(bytes(1000))[:-9], "truncated"),
    ],
)
def test_a_bad_idx_file_is_refused_by_name(tmp_path, content, message):
    path = idx(tmp_path, content)
    with pytest.raises(StudyError, match=message) as error:
        read_idx(path, 3)
    assert str(path) in str(error.value)


@needs_mirror
def test_the_real_archives_are_accepted():
    archives = yaml.safe_load((ROOT / "config" / "archives.yaml").read_text())["archives"]
    for dataset in archives.values():
        for name, expected in dataset["expected"].items():
            verify(Path(os.environ["MIRROR"]) / name, expected)
