"""The configuration, checked against its schema.

Imported when a workflow is planned, so nothing heavy is imported here.
"""

import contextlib
import csv
import json
import math
import os
import re
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from binary_activations.data.contents import AVAILABLE, DRAWERS, ROTATIONS, training_images
from binary_activations.errors import StudyError
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.study.tasks import TASKS, is_few_shot
from binary_activations.study.variants import UNIT_KEYS, matches, variants

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
# What local expectations take of a network's shape; the first is the network's own.
FLIPPED = {
    "activation": ("hard_sigmoid",),
    "pooling": ("max",),
    "normalisation": ("before_pooling",),
    "kernel_size": (5, 3),
    "groups": (1,),
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
    messages = [_message(error) for error in errors] or list(_contradictions(config))
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
            names = set().union(*known[dataset].values())
            if row.published != name and row.published not in names:
                key = f"{dataset}.variants.{name}.published"
                raise StudyError(f"{key}: {path} has no variant {row.published} of {dataset}")


def check_other_data(config, path):
    """Checks that data with a title of their own have digests of their own.

    Args:
        config: a checked configuration.
        path: config/archives.yaml.

    Raises:
        StudyError: naming the keys at fault.
    """
    archives = yaml.safe_load(Path(path).read_text(encoding="utf-8"))["archives"]
    for dataset, task in TASKS.items():
        official = archives[task.archives] == config["archives"][task.archives]
        title = config[dataset]["title"]
        if config["data"]["origin"] == "official" and title != task.title and official:
            raise StudyError(
                f"{dataset}.title: {title!r} names other data than {task.title}, but the digests "
                f"are those of {task.title}; state theirs in archives.{task.archives}.expected "
                "(docs/other_data.md)"
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
            return f"{where}: the name {error.instance!r} may hold letters, digits, _ and - alone"
        case "type" if isinstance(error.validator_value, str):
            return f"{where}: {error.instance!r} must be {TYPES[error.validator_value]}{meaning}"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" as bound:
            return f"{where}: {error.instance} {BOUNDS[bound]} {error.validator_value}{meaning}"
        case None:
            return f"{where}: mode and estimator have no meaning where layers is empty"
        case _:
            return f"{where}: {error.message}{meaning}"


def _contradictions(config):
    sources = {"data.mirror": [config["data"]["mirror"]]}
    for name, section in config["archives"].items():
        sources[f"archives.{name}.sources"] = section["sources"]
    for key, urls in sources.items():
        if any(re.match(r"\w+://[^/]*@", url) for url in urls):
            yield f"{key}: a name or password in a URL would stand in logs; put it into ~/.netrc"
    origin = config["data"]["origin"]
    available = AVAILABLE[origin]
    if origin == "embedded" and config["omniglot"]["one_shot_runs"]:
        yield "omniglot.one_shot_runs: there are none of embedded data"
    for dataset in (name for name in DATASETS if not is_few_shot(name)):
        images, held_out = training_images(dataset, origin), config[dataset]["training"]
        if held_out["validation_images"] >= images and variants(config, dataset):
            key = f"{dataset}.training.validation_images"
            remedy = "must be below the number of training images"
            yield f"{key}: {held_out['validation_images']} of {images} images; {remedy}"
    alphabets = config["omniglot"]["validation"]["alphabets"]
    background = available["background"]
    if alphabets >= len(background):
        yield (
            f"omniglot.validation.alphabets: {alphabets} of {len(background)} background "
            "alphabets; some must be left to train on"
        )
    # Which alphabets are held out is drawn by seed, so the fewest classes that it can leave count.
    characters = {
        "training": sum(background[: len(background) - alphabets]),
        "validation": sum(background[:alphabets]),
        "test": available["evaluation"],
    }
    for stage in ("training", "validation", "test"):
        settings = config["omniglot"][stage]
        n_way, k_shot = (
            max(value) if isinstance(value, list) else value
            for value in (settings["n_way"], settings["k_shot"])
        )
        if k_shot + settings["queries"] > DRAWERS:
            yield f"omniglot.{stage}: k_shot + queries exceed the {DRAWERS} drawings of a character"
        classes = ROTATIONS * characters[stage]
        if n_way > classes:
            yield f"omniglot.{stage}.n_way: {n_way} of {classes} classes"
    for key in ("results", "replicates"):
        folder = Path(config[key] or "results")
        if os.path.normpath(folder) == ".":
            yield f"{key}: {config[key]} is the folder of the workflow; name one within it"
        if folder.exists() and not folder.is_dir():
            yield f"{key}: {config[key]} is a file; name a folder"
    for dataset in DATASETS:
        yield from _schedule_contradictions(config, dataset)
        yield from _variant_contradictions(config[dataset], dataset)
    if not any(variants(config, dataset) for dataset in DATASETS):
        yield f"{', '.join(f'{name}.select' for name in DATASETS)}: no variant is left"


def _schedule_contradictions(config, dataset):
    training = config[dataset]["training"]
    where, epochs = f"{dataset}.training", training["epochs"]
    if training["warm_up_epochs"] >= epochs:
        yield f"{where}.warm_up_epochs: {training['warm_up_epochs']} of {epochs} epochs"
    if training.get("validation_images") == 0:
        if training["keep"] != "last_epoch":
            yield f"{where}.keep: with no validation images it can only be last_epoch"
        if config[dataset].get("sweep"):
            yield f"{dataset}.sweep: chooses by validation images, and {where} has none"


def _variant_contradictions(section, dataset):
    for pattern in section["select"]:
        if not any(fnmatchcase(name, pattern) for name in section["variants"]):
            near = get_close_matches(pattern, section["variants"], n=3)
            hint = f"; is it {' or '.join(near)}?" if near else ""
            yield f"{dataset}.select: no variant is named {pattern!r}{hint}"
    for name, entry in section["variants"].items():
        where, estimator = f"{dataset}.variants.{name}", entry.get("estimator")
        for unused in set(CATALOGUE) & set(entry) - {estimator}:
            if entry[unused] is not None:
                trained = f"the estimator {estimator}" if estimator else "no binary layer"
                remedy = "leave it out, or set it to null"
                yield f"{where}.{unused}: has no meaning with {trained}; {remedy}"
        if "distance_scale" in entry and not is_few_shot(dataset):
            yield f"{where}.distance_scale: has no meaning where no embeddings are compared"
        activations = entry.get("activations", {})
        for layer in sorted(set(activations) & set(entry["layers"])):
            yield f"{where}.activations.{layer}: has no meaning in a binary layer"
        if matches(name, section["select"]):
            shape = section["network"] | entry.get("network", {})
            yield from _shape_contradictions(shape, estimator, where)
        yield from _unit_contradictions(entry, where)
        if estimator == "local_expectation" and activations.get("conv2") == "relu":
            yield f"{where}.activations.conv2: local_expectation takes no relu above its units"
        modes = CATALOGUE[estimator].modes if estimator else ()
        if estimator and entry["mode"] not in modes:
            yield (
                f"{where}: {entry['mode']} units cannot be trained with {estimator}, but "
                f"{' and '.join(modes)} ones can"
            )


def _shape_contradictions(shape, estimator, where):
    if shape.get("pooling") == "stride" and "normalisation" in shape:
        yield f"{where}.network.normalisation: has no meaning without max-pooling"
    groups = shape.get("groups", 1)
    if any(count % groups for count in shape.get("channels", [])):
        yield f"{where}.network.groups: {groups} do not divide the channels {shape['channels']}"
    if estimator == "local_expectation":
        for key, known in FLIPPED.items():
            if shape.get(key, known[0]) not in known:
                taken = " or ".join(map(str, known))
                yield f"{where}.network.{key}: local_expectation takes {taken} alone"


def _unit_contradictions(entry, where):
    estimator = entry.get("estimator")
    stated = [key for key in UNIT_KEYS if key in entry]
    if not entry["layers"]:
        for key in stated:
            yield f"{where}.{key}: has no meaning with no binary layer"
    elif CATALOGUE[estimator].unbiased_at_fixed_moments:
        for key in stated:
            yield (
                f"{where}.{key}: {estimator} computes losses from whole layers of 0 and 1; use an "
                "estimator that passes a gradient through the units"
            )
