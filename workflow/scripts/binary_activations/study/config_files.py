"""What is told of configuration files one by one, before they are merged.

Merged, a key that stands twice and a slope without its schedule would be lost in silence.
"""

from pathlib import Path

import yaml

from binary_activations.errors import StudyError
from binary_activations.study.tasks import TASKS
from binary_activations.study.variants import SLOPE_KEYS


class _Loader(yaml.SafeLoader):
    """YAML in which no key stands twice in one section."""

    def construct_mapping(self, node, deep=False):
        stated = {}
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            name, mark = self.construct_object(key, deep=True), key.start_mark
            if name in stated:
                place = f"{mark.name}:{mark.line + 1}"
                raise StudyError(f"{place}: {name} stands in line {stated[name]} too; keep one")
            stated[name] = mark.line + 1
        return super().construct_mapping(node, deep)


def check_file(path):
    """Reads and checks a configuration file.

    Args:
        path: of the YAML file.

    Returns:
        What it states.

    Raises:
        StudyError: naming the file and the key at fault.
    """
    with Path(path).open(encoding="utf-8") as file:
        config = yaml.load(file, _Loader)
    for key, slope in _slopes(config):
        schedule = slope.get("schedule")
        for name in slope:
            if "schedule" not in slope:
                remedy = "has a meaning with its schedule alone; state schedule too"
                raise StudyError(f"{path}: {key}.{name}: {remedy}")
            if str(schedule) in SLOPE_KEYS and name not in SLOPE_KEYS[schedule]:
                remedy = f"has no meaning with the schedule {schedule}"
                raise StudyError(f"{path}: {key}.{name}: {remedy}")
    return config


def check_order(files):
    """Checks that a configuration file comes after the one that it is read on top of.

    Args:
        files: what each states, by its path, in the order in which they are named.

    Raises:
        StudyError: naming the file, and the one that has to be named before it.
    """
    before = []
    for path, config in files.items():
        base = config.get("on_top_of") if isinstance(config, dict) else None
        if base and base not in before:
            other = Path(path).parent / str(base)
            raise StudyError(
                f"{path}: is read on top of {other}; use --configfile {other} {path}, in this order"
            )
        before.append(Path(path).name)


def _slopes(config):
    for dataset in TASKS:
        section = _section(config, dataset)
        yield f"{dataset}.slope", _section(section, "slope")
        for name, entry in _section(section, "variants").items():
            yield f"{dataset}.variants.{name}.slope", _section(entry, "slope")


def _section(node, key):
    """Returns a section of a section; an empty one where it is none, which the schema tells."""
    child = node.get(key) if isinstance(node, dict) else None
    return child if isinstance(child, dict) else {}
