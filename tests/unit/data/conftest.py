"""An Omniglot archive of a few drawings."""

import pytest

from binary_activations.data.embedded import write_drawings
from samples.archives import drawings


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "images_background.zip"
    write_drawings(path, "images_background", drawings())
    return path
