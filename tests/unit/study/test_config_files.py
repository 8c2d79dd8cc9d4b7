"""Configuration files, each by itself."""

import pytest

from binary_activations.errors import StudyError
from binary_activations.study.config_files import check_file, check_order
from projects import ROOT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mnist: {}\nseeds: [1]\nmnist: {}\n", "mine.yaml:3: mnist stands in line 1 too"),
        ("mnist:\n  select: []\n  select: []\n", "mine.yaml:3: select stands in line 2 too"),
        (
            "mnist: {slope: {rate: 1.1, maximum: 5}}",
            r"mine.yaml: mnist.slope.rate: has a meaning with its schedule alone; state schedule",
        ),
        (
            "omniglot: {slope: {schedule: constant, maximum: 5}}",
            "omniglot.slope.maximum: has no meaning with the schedule constant",
        ),
        (
            "mnist: {variants: {a: {slope: {schedule: linear, step: 1, rate: 2, maximum: 5}}}}",
            "mnist.variants.a.slope.rate: has no meaning with the schedule linear",
        ),
    ],
)
def test_what_merging_would_lose_is_told(tmp_path, text, message):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(StudyError, match=message):
        check_file(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mnist: 1",
        "mnist: {slope: {schedule: 7, rate: 1}, variants: [a]}",  # which the schema tells
        "mnist: {slope: {schedule: [], rate: 1}}",
        "a: &a {b: 1}\nc: {<<: *a, b: 2}\nd: {<<: *a}",
    ],
)
def test_all_else_is_left_to_the_schema(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    check_file(path)


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_project_s_own_files_are_sound(path):
    check_file(path)


def test_a_file_comes_after_the_one_that_it_is_read_on_top_of():
    names = ("config.yaml", "archives.yaml", "control.yaml", "published.yaml")
    paths = [ROOT / "config" / name for name in names]
    check_order({path: check_file(path) for path in paths})
    for wrong in (paths[:2] + paths[3:], paths[:2] + paths[:1:-1]):
        message = (
            "published.yaml: is read on top of .*control.yaml; use --configfile .*control.yaml "
        )
        with pytest.raises(StudyError, match=message):
            check_order({path: check_file(path) for path in wrong})


def test_every_file_that_shares_no_replicates_says_so():
    """Read after one that shares them, it would write into the study's own."""
    for path in (ROOT / "config").glob("*.yaml"):
        if path.stem != "archives":
            assert "replicates" in check_file(path), path
