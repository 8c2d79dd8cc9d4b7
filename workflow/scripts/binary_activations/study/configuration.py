"""The configuration, checked against its schema.

Imported when a workflow is planned, so nothing heavy is imported here.
"""

import contextlib
import csv
import json
import math
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from binary_activations.errors import StudyError
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.study.contradictions import contradictions, near_names
from binary_activations.study.tasks import TASKS
from binary_activations.study.variants import variants

DATASETS = tuple(TASKS)


def _is_number(checker, value):
    return type(value) is int or (type(value) is float and math.isfinite(value))


# What earlier versions called otherwise.
RENAMED = {
    "reinforce": "is now running_mean (as it was), leave_one_out, disarm or local_expectation",
    "images": "is gone: local_expectation uses all images of a batch",
}
# What JSON Schema's types and bounds are called here.
TYPES = {
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "array": "a list, as in [0, 1]",
    "object": "a section of keys",
}
BOUNDS = {
    "minimum": "must be at least",
    "exclusiveMinimum": "must be above",
    "maximum": "must be at most",
    "exclusiveMaximum": "must be below",
}
# Stricter than JSON Schema: 10.0 is no integer, infinity and NaN are no numbers.
_CHECKER = Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda checker, value: type(value) is int
).redefine("number", _is_number)
_Validator = extend(Draft202012Validator, type_checker=_CHECKER)


def load_schema(path):
    """Returns the JSON schema of a configuration, with each estimator of the catalogue.

    Args:
        path: of the schema of all else, YAML.
    """
    text = Path(path).read_text(encoding="utf-8")
    schema = json.loads(json.dumps(yaml.safe_load(text)))  # YAML's aliases are one object
    for dataset in DATASETS:
        rows = {name: row for name, row in CATALOGUE.items() if dataset in row.datasets}
        sections = {name: row.schema() for name, row in rows.items() if row.options}
        properties = schema["properties"][dataset]["properties"]
        properties["training"]["properties"] |= sections
        variant = properties["variants"]["additionalProperties"]["properties"]
        variant["estimator"] = {"enum": list(rows)}
    sections = {name: row.schema() for name, row in CATALOGUE.items() if row.options}
    schema["$defs"]["variant"]["properties"] |= sections
    return schema


def read_values(config, schema):
    """Reads text as a number or a truth value, in place, where the schema wants one.

    Snakemake gives values that are nested in `--config` as text.

    Args:
        config: the merged configuration.
        schema: a JSON schema.
    """
    for error in list(_Validator(schema).iter_errors(config)):
        if error.validator == "type" and isinstance(error.instance, str):
            *path, last = error.absolute_path
            section = config
            for key in path:
                section = section[key]
            section[last] = _value(error.instance, error.validator_value)


def _value(text, kind):
    """Reads a text as a value of this kind; returns the text where it is none."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    for read in {"integer": (int,), "number": (int, float)}.get(kind, ()):
        with contextlib.suppress(ValueError):
            return read(text)
    return text


def check(config, schema):
    """Checks a configuration.

    Args:
        config: the merged configuration.
        schema: a JSON schema.

    Raises:
        StudyError: naming each key at fault and what is allowed.
    """
    errors = sorted(_Validator(schema).iter_errors(config), key=lambda e: [*map(str, e.path)])
    messages = [_message(error) for error in errors] or list(contradictions(config))
    if messages:
        lines = dict.fromkeys(f"  {message}" for message in messages)
        raise StudyError("\n".join(["the configuration cannot be used:", *lines]))


def published_variants(path):
    """Returns the names of the variants that have published figures, by data set, then by study.

    Args:
        path: config/published_results.csv.
    """
    names = {dataset: {} for dataset in DATASETS}
    with Path(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            studies = names.get(row.get("dataset"), {})
            studies.setdefault(row.get("study"), set()).add(row.get("variant"))
    return names


def check_published(config, path):
    """Checks that each variant is compared with a published one that there is.

    Args:
        config: a checked configuration.
        path: config/published_results.csv.

    Raises:
        StudyError: naming the keys at fault.
    """
    known = published_variants(path)
    for dataset in DATASETS:
        for name, row in variants(config, dataset).items():
            names = sorted(set().union(*known[dataset].values()))
            if row.published != name and row.published not in names:
                key = f"{dataset}.variants.{name}.published"
                hint = near_names(row.published, names)
                raise StudyError(f"{key}: {path} has no variant {row.published} of {dataset}{hint}")


def check_other_data(config, path):
    """Checks that data have a title of their own where, and only where, their digests are.

    Args:
        config: a checked configuration.
        path: config/archives.yaml.

    Raises:
        StudyError: naming the keys at fault.
    """
    if config["data"]["origin"] != "official":
        return
    archives = yaml.safe_load(Path(path).read_text(encoding="utf-8"))["archives"]
    for dataset, task in TASKS.items():
        title = config[dataset]["title"]
        expected, stated = (of[task.archives]["expected"] for of in (archives, config["archives"]))
        named, other = title != task.title, stated != expected
        if named and not other:
            raise StudyError(
                f"{dataset}.title: {title!r} names other data than {task.title}, but the digests "
                f"are those of {task.title}; state theirs in archives.{task.archives}.expected "
                "(docs/other_data.md)"
            )
        if not other or not variants(config, dataset):
            continue
        if dataset != task.archives:
            raise StudyError(
                f"{dataset}.select: {task.title} are those of the official archives alone; use []"
            )
        if not named:
            raise StudyError(
                f"archives.{task.archives}.expected: are not the digests of {title}; give the data "
                f"a name of their own in {dataset}.title (docs/other_data.md)"
            )


def _message(error):
    where = ".".join(str(part) for part in error.absolute_path)
    description = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    meaning = f" ({description.rstrip('.')})" if description else ""
    match error.validator:
        case "additionalProperties":
            allowed = list(error.schema["properties"])
            unknown = [key for key in error.instance if key not in allowed]
            keys = ", ".join(".".join(filter(None, [where, str(key) or "''"])) for key in unknown)
            hint = "".join(f"; {key} {RENAMED[key]}" for key in unknown if key in RENAMED)
            return f"{keys}: unknown key; allowed here: {', '.join(allowed)}{hint}"
        case "enum":
            allowed = ", ".join(str(value) for value in error.validator_value)
            renamed = RENAMED.get(error.instance) if isinstance(error.instance, str) else None
            hint = f"; {error.instance} {renamed}" if renamed else ""
            return f"{where}: {error.instance!r} is not allowed; use one of: {allowed}{hint}"
        case "pattern" | "type" if "propertyNames" in error.absolute_schema_path:
            quotes = "" if isinstance(error.instance, str) else ", and is text: put it in quotes"
            rule = f"may hold letters, digits, _ and - alone{quotes}"
            return f"{where}: the name {error.instance!r} {rule}"
        case "type" if isinstance(error.validator_value, str):
            return f"{where}: {error.instance!r} must be {TYPES[error.validator_value]}{meaning}"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" as bound:
            return f"{where}: {error.instance} {BOUNDS[bound]} {error.validator_value}{meaning}"
        case None:
            return f"{where}: mode and estimator have no meaning where layers is empty"
        case _:
            return f"{where}: {error.message}{meaning}"
