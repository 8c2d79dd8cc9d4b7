"""The configuration: checked against its schema, read as the variants table and settings.

Imported when a workflow is planned, so nothing heavy is imported here.
"""

import json
import math
import re

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from binary_activations.errors import StudyError

TITLES = {"mnist": "MNIST", "omniglot": "Omniglot"}
DATASETS = tuple(TITLES)
# What the archives hold: training images; characters of each background alphabet, fewest first;
# evaluation characters.
AVAILABLE = {
    "official": {
        "images": 60000,
        "background": (
            *(14, 14, 16, 17, 20, 22, 22, 23, 24, 24, 26, 26, 26, 26, 29),
            *(33, 33, 34, 40, 40, 40, 41, 41, 42, 43, 46, 47, 48, 52, 55),
        ),
        "evaluation": 659,
    },
    "embedded": {"images": 2000, "background": (12,) * 7, "evaluation": 60},
}
ROTATIONS = 4  # of a character, each a class of its own
SLOPE_KEYS = {
    "constant": ("schedule",),
    "geometric": ("schedule", "rate", "maximum"),
    "linear": ("schedule", "step", "maximum"),
}


def _is_number(checker, value):
    return type(value) is int or (type(value) is float and math.isfinite(value))


# Stricter than JSON Schema: 10.0 is no integer, infinity and NaN are no numbers.
_CHECKER = Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda checker, value: type(value) is int
).redefine("number", _is_number)
_Validator = extend(Draft202012Validator, type_checker=_CHECKER)


def check(config, schema):
    """Check a configuration.

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


def _message(error):
    where = ".".join(str(part) for part in error.absolute_path)
    match error.validator:
        case "additionalProperties":
            allowed = list(error.schema["properties"])
            unknown = [key for key in error.instance if key not in allowed]
            keys = ", ".join(".".join(filter(None, [where, str(key) or "''"])) for key in unknown)
            return f"{keys}: unknown key; allowed here: {', '.join(allowed)}"
        case "enum":
            allowed = ", ".join(str(value) for value in error.validator_value)
            return f"{where}: {error.instance!r} is not allowed; use one of: {allowed}"
        case None:
            return f"{where}: mode and estimator have no meaning where layers is empty"
        case "pattern" | "type" if "propertyNames" in error.absolute_schema_path:
            return f"{where}: the name {error.instance!r} may hold letters, digits, _ and - alone"
        case _:
            meaning = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
            return f"{where}: {error.message}" + (f" ({meaning.rstrip('.')})" if meaning else "")


def _contradictions(config):
    sources = {"data.mirror": [config["data"]["mirror"]]}
    for dataset in DATASETS:
        sources[f"archives.{dataset}.sources"] = config["archives"][dataset]["sources"]
    for key, urls in sources.items():
        if any(re.match(r"\w+://[^/]*@", url) for url in urls):
            yield f"{key}: a name or password in a URL would stand in logs; put it into ~/.netrc"
    origin = config["data"]["origin"]
    available = AVAILABLE[origin]
    images = config["mnist"]["training"]["validation_images"]
    if images >= available["images"]:
        yield f"mnist.training.validation_images: {images} of {available['images']} images"
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
        if settings["k_shot"] + settings["queries"] > 20:
            yield f"omniglot.{stage}: k_shot + queries exceed the 20 drawings of a character"
        classes = ROTATIONS * characters[stage]
        if settings["n_way"] > classes:
            yield f"omniglot.{stage}.n_way: {settings['n_way']} of {classes} classes"


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    if type(value) in (int, float) and value == int(value):
        return int(value) if abs(value) < 2**53 else float(value)
    return value


def canonical_json(value):
    """The one text that JSON has for a value: sorted keys, no spaces, 1 for 1.0."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def variants(config, dataset):
    """The variants table of one data set.

    Args:
        config: a checked configuration.
        dataset: `mnist` or `omniglot`.

    Returns:
        By name, in the configuration's order: `layers` (lowest first), `mode` and `estimator`
        (None where no layer is binary), `slope` with just the keys of its schedule.
    """
    table = {}
    for name, entry in config[dataset]["variants"].items():
        slope = entry.get("slope", config[dataset]["slope"])
        table[name] = {
            "layers": sorted(entry["layers"]),
            "mode": entry.get("mode"),
            "estimator": entry.get("estimator"),
            "slope": {key: slope[key] for key in SLOPE_KEYS[slope["schedule"]]},
        }
    return table


def training_settings(config, dataset, variant):
    """Just the settings that decide how one variant is trained.

    Args:
        config: a checked configuration.
        dataset: `mnist` or `omniglot`.
        variant: its row of the variants table.

    Returns:
        `device`, `precision`, `variant` (as `networks` takes it), `slope`, `training` and, for
        Omniglot, `validation`.
    """
    network = {key: variant[key] for key in ("layers", "mode", "estimator") if variant[key]}
    network.setdefault("layers", [])
    training = dict(config[dataset]["training"])
    if variant["estimator"] == "reinforce":
        training["reinforce"] = dict(training["reinforce"])
        network["margin"] = training["reinforce"].pop("margin")
    else:
        del training["reinforce"]
    settings = {
        "device": config["device"],
        "precision": config["precision"],
        "variant": network,
        "slope": variant["slope"],
        "training": training,
    }
    if dataset == "omniglot":
        settings["validation"] = config["omniglot"]["validation"]
    return settings


def evaluation_settings(config, dataset):
    """Just the settings that decide how a trained network is tested."""
    settings = {"device": config["device"]}
    if dataset == "omniglot":
        settings["test"] = config["omniglot"]["test"]
    return settings


def result_settings(config, dataset):
    """What tables and figures need to know: `dataset`, its `title` (with the test's ways and
    shots), `origin`, `seeds` and the `variants`, a list of `name`, `layers`, `mode` and
    `estimator` in the order of the table."""
    title = TITLES[dataset]
    if dataset == "omniglot":
        test = config["omniglot"]["test"]
        title += f", {test['n_way']}-way {test['k_shot']}-shot"
    rows = [
        {"name": name} | {key: row[key] for key in ("layers", "mode", "estimator")}
        for name, row in variants(config, dataset).items()
    ]
    return {
        "dataset": dataset,
        "title": title,
        "origin": config["data"]["origin"],
        "seeds": config["seeds"],
        "variants": rows,
    }
