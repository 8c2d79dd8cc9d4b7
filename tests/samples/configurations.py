"""The study's configuration and its schema, loaded for tests."""

import yaml

from binary_activations.study.configuration import load_schema
from projects import ROOT

SCHEMA = load_schema(ROOT / "workflow/schemas/config.schema.yaml")


def merged(base, changes):
    for key, value in changes.items():
        nested = isinstance(value, dict) and isinstance(base.get(key), dict)
        base[key] = merged(base[key], value) if nested else value
    return base


def load(*names):
    config = {}
    for name in ("config.yaml", "archives.yaml", *names):
        merged(config, yaml.safe_load((ROOT / "config" / name).read_text()))
    return config


CONFIG = load()
