"""The checkout that benchmarks measure. Importing this module makes its package importable."""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))


def read_config():
    """Returns the configuration of the study, unchecked."""
    files = [ROOT / "config" / name for name in ("config.yaml", "archives.yaml")]
    return {key: value for file in files for key, value in yaml.safe_load(file.read_text()).items()}
