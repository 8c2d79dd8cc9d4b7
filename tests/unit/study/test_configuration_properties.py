"""Whatever a configuration holds: it is usable, or refused with a message that names the key."""

import copy
import json
import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from binary_activations.errors import StudyError
from binary_activations.study import configuration
from binary_activations.study.contradictions import HEATMAPS
from binary_activations.study.result_files import ResultFiles
from binary_activations.study.study import Study, canonical_json
from samples.configurations import CONFIG, SCHEMA

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**300),
    st.floats(),
    st.text(max_size=30),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)


def known_keys(schema):
    """Every key that a schema has, wherever it is allowed."""
    for name, child in schema.items() if isinstance(schema, dict) else ():
        yield from child if name == "properties" else ()
        yield from known_keys(child)


KEYS = set(known_keys(SCHEMA))


def paths(node, path=()):
    """Returns the path of every key of a configuration."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield (*path, key)
            yield from paths(child, (*path, key))


PATHS = sorted(paths(CONFIG))
FREE = ("variants", "expected", "results", "mirror", "sources")  # take names or text of one's own


def parent(config, path):
    for key in path[:-1]:
        config = config[key]
    return config


def use(config):
    """All that the rules derive from a configuration."""
    study = Study(config)
    for dataset, rows in study.variants.items():
        for variant in rows:
            values = study.training_settings(dataset, variant)
            assert json.loads(canonical_json(values)) == values
        canonical_json(study.evaluation_settings(dataset))
    canonical_json(study.summary_settings())
    ResultFiles(study).shown(*study.datasets)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(PATHS), ANYTHING)
def test_any_value_is_usable_or_refused_by_its_key(path, value):
    config = copy.deepcopy(CONFIG)
    parent(config, path)[path[-1]] = value
    try:
        configuration.check(config, SCHEMA)
    except StudyError as error:
        first, *lines = str(error).splitlines()
        assert first == "the configuration cannot be used:"
        assert lines
        assert ".".join(path[: max(1, len(path) - 1)]) in str(error)
    else:
        use(config)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATHS), st.text(max_size=20), ANYTHING)
def test_any_unknown_key_is_refused_by_its_name(path, name, value):
    assume(not set(path[:-1]).intersection(FREE) - {"variants"})
    assume(path[-2:-1] != ("variants",))
    config = copy.deepcopy(CONFIG)
    section = parent(config, path)
    assume(name not in section and name not in KEYS)
    section[name] = value
    try:
        configuration.check(config, SCHEMA)
    except StudyError as error:
        key = ".".join([*path[:-1], name or "''"])
        assert f"  {key}: unknown key; allowed here: " in str(error)
    else:
        raise AssertionError(f"{path[:-1]} took the key {name!r}")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PATHS))
def test_a_missing_key_is_told_or_has_no_use(path):
    config = copy.deepcopy(CONFIG)
    del parent(config, path)[path[-1]]
    try:
        configuration.check(config, SCHEMA)
    except StudyError as error:
        assert f"'{path[-1]}' is a required property" in str(error)
    else:
        use(config)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=100),
        st.from_regex(r"[A-Za-z0-9_-]{1,90}", fullmatch=True),
        st.sampled_from(["$(touch x)", "`touch x`", "a;b", "a b", "../a", "-rf", "a\n", "a'b", ""]),
    )
)
def test_a_variant_s_name_is_plain_or_refused(name):
    """Letters, digits, _ and -: nothing that a shell, a path or a table could take otherwise."""
    assume(name != HEATMAPS)  # which is taken by a folder
    config = copy.deepcopy(CONFIG)
    config["mnist"]["variants"][name] = {"layers": []}
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", name) is not None
    try:
        configuration.check(config, SCHEMA)
    except StudyError as error:
        assert not plain
        assert "mnist.variants: " in str(error)
    else:
        assert plain
