"""Means to break things; what came of it is a table after the tests (tests/conftest.py)."""

import subprocess

import pytest


@pytest.fixture
def mount():
    """Mounts a file system in memory on a folder (or remounts it): small, or read-only."""
    mounted = []

    def mount(folder, options):
        folder.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("no file system can be mounted here")
        mounted.append(folder)

    yield mount
    for folder in set(mounted):
        subprocess.run(["umount", folder], capture_output=True)


@pytest.fixture
def survived(record_property):
    """Record a fault that left nothing lost: call it after the assertions that show so."""

    def record(fault, times, outcome):
        record_property("survived", {"fault": fault, "times": times, "what happened": outcome})

    return record
