"""Archives: verified, read, refused by name. Everything is made here but the last test's files."""

import gzip
import hashlib
import io
import os
import stat
import zipfile
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
from binary_activations.data.downloads import fetch
from binary_activations.data.embedded import write_drawings, write_idx
from binary_activations.data.preparation import MNIST_PARTS, prepare_mnist, prepare_omniglot, shrink
from binary_activations.errors import StudyError
from projects import needs_mirror

ROOT = Path(__file__).parents[2]


def drawings(characters=2):
    random = np.random.default_rng(0)
    return {
        f"Alpha_bet/character{number:02d}/{drawer:02d}": random.random((105, 105)) > 0.1
        for number in range(1, characters + 1)
        for drawer in range(1, 21)
    }


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "images_background.zip"
    write_drawings(path, "images_background", drawings())
    return path


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def png(mode="1", size=(105, 105)):
    content = io.BytesIO()
    Image.new(mode, size).save(content, "PNG")
    return content.getvalue()


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


def mnist_archives(tmp_path, images=4, labels=4, size=28, label=9):
    paths = {}
    for part, (name, dimensions) in MNIST_PARTS.items():
        paths[name] = tmp_path / name
        shape = (images, size, size) if dimensions == 3 else (labels,)
        write_idx(paths[name], np.full(shape, label if "labels" in part else 7, np.uint8))
    return paths


def test_mnist_is_prepared(tmp_path):
    paths = mnist_archives(tmp_path)
    expected = {name: {"md5": md5(path)} for name, path in paths.items()}
    prepare_mnist(paths, expected, tmp_path / "mnist.npz")
    with np.load(tmp_path / "mnist.npz") as arrays:
        assert arrays["test_images"].shape == (4, 28, 28)
        assert arrays["train_labels"].tolist() == [9] * 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": 3}, "3 labels for the 4 images"),
        ({"size": 27}, "27, 27"),
        ({"label": 10}, "label 10"),
    ],
)
def test_archives_that_do_not_fit_are_refused(tmp_path, changes, message):
    paths = mnist_archives(tmp_path, **changes)
    with pytest.raises(StudyError, match=message):
        prepare_mnist(paths, {}, tmp_path / "mnist.npz")
    assert not (tmp_path / "mnist.npz").exists()


def test_an_altered_mnist_archive_is_refused(tmp_path):
    paths = mnist_archives(tmp_path)
    expected = {"train-labels-idx1-ubyte.gz": {"md5": "0" * 32}}
    with pytest.raises(StudyError, match=r"train-labels-idx1-ubyte.gz: truncated or altered"):
        prepare_mnist(paths, expected, tmp_path / "mnist.npz")


def test_omniglot_is_prepared(tmp_path, archive):
    other = tmp_path / "images_evaluation.zip"
    write_drawings(other, "images_evaluation", drawings(1))
    prepare_omniglot({path.name: path for path in (archive, other)}, {}, tmp_path / "o.npz")
    with np.load(tmp_path / "o.npz") as arrays:
        assert arrays["background_drawings"].shape == (2, 20, 28, 28)
        assert arrays["evaluation_alphabets"].tolist() == ["Alpha_bet"]
        assert arrays["background_drawings"].dtype == np.uint8


def test_shrinking_keeps_ink_where_it_was():
    pixels = np.ones((105, 105), bool)
    pixels[15:30, 60:90] = False
    small = shrink(pixels)
    assert small.min() == 0
    assert small.max() == 255
    rows, columns = np.nonzero(small > 127)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 7, 16, 23)
    assert shrink(np.ones((105, 105), bool)).max() == 0


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


@needs_mirror
def test_the_real_archives_are_accepted():
    archives = yaml.safe_load((ROOT / "config" / "archives.yaml").read_text())["archives"]
    for dataset in archives.values():
        for name, expected in dataset["expected"].items():
            verify(Path(os.environ["MIRROR"]) / name, expected)
