"""The configuration: checked against its schema, read as the variants table and settings.

Imported when a workflow is planned, so nothing heavy is imported here.
"""

import contextlib
import json
import math
import re
from fnmatch import fnmatchcase

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from binary_activations.errors import StudyError
from binary_activations.study.tasks import ONE_SHOT_TASK, task_name

TITLES = {"mnist": "MNIST", "omniglot": "Omniglot"}
EMBEDDED_TITLES = {"mnist": "embedded digits", "omniglot": "embedded alphabets"}
DATASETS = tuple(TITLES)
# What each estimator takes from its section: in the units, and in the training.
UNIT_KEYS = {
    "straight_through": (),
    "gumbel_softmax": ("margin", "temperature"),
    "reinmax": ("margin",),
    "reinforce": ("margin",),
    "none": (),
}
REINFORCE_KEYS = {
    "running_mean": ("baseline_decay",),
    "leave_one_out": ("samples",),
    "disarm": (),
    "local_expectation": ("images",),
}
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


def read_numbers(config, schema):
    """Read text as a number, in place, where the schema wants a number: values that are nested in
    Snakemake's `--config` come as text.

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
            section[last] = _number(error.instance, error.validator_value)


def _number(text, kind):
    """A text as the number that it is, or as it is where it is none of this kind."""
    for read in {"integer": (int,), "number": (int, float)}.get(kind, ()):
        with contextlib.suppress(ValueError):
            return read(text)
    return text


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
        n_way, k_shot = (
            max(value) if isinstance(value, list) else value
            for value in (settings["n_way"], settings["k_shot"])
        )
        if k_shot + settings["queries"] > 20:
            yield f"omniglot.{stage}: k_shot + queries exceed the 20 drawings of a character"
        classes = ROTATIONS * characters[stage]
        if n_way > classes:
            yield f"omniglot.{stage}.n_way: {n_way} of {classes} classes"
    for dataset in DATASETS:
        yield from _variant_contradictions(config[dataset], dataset)
    if not any(variants(config, dataset) for dataset in DATASETS):
        yield "mnist.select, omniglot.select: no variant is left"


def _options(section, entry):
    """What a variant's estimator takes: the training's section of that name, and the variant's."""
    estimator = entry.get("estimator")
    return section["training"].get(estimator, {}) | entry.get(estimator, {})


def _variant_contradictions(section, dataset):
    for pattern in section["select"]:
        if not any(fnmatchcase(name, pattern) for name in section["variants"]):
            yield f"{dataset}.select: no variant is named {pattern!r}"
    sections = {f"{dataset}.training": section["training"]}
    sections |= {f"{dataset}.variants.{name}": row for name, row in section["variants"].items()}
    for where, row in sections.items():
        if dataset != "mnist" and "images" in row.get("reinforce", {}):
            yield f"{where}.reinforce.images: only the MNIST network can have local expectations"
    for name, entry in section["variants"].items():
        where, estimator = f"{dataset}.variants.{name}", entry.get("estimator")
        for unused in set(UNIT_KEYS) & set(entry) - {estimator}:
            yield f"{where}.{unused}: has no meaning with the estimator {estimator}"
        reduction = _options(section, entry).get("variance_reduction")
        if entry.get("mode") == "deterministic" and reduction in ("leave_one_out", "disarm"):
            yield (
                f"{where}: variance_reduction {reduction} compares samples, and those of "
                "deterministic units are all alike; use running_mean or local_expectation"
            )


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
        By name, in the configuration's order, those that are selected: `layers` (lowest first),
        `mode` and `estimator` (None where no layer is binary), `options` of the estimator and
        `slope`, each with just the keys that it uses, and `published`, the published variant that
        it is compared with.
    """
    table = {}
    select = config[dataset]["select"]
    for name, entry in config[dataset]["variants"].items():
        if not any(fnmatchcase(name, pattern) for pattern in select):
            continue
        slope = entry.get("slope", config[dataset]["slope"])
        options = _options(config[dataset], entry)
        if reduction := options.get("variance_reduction"):
            keys = ("learning_rate", "margin", "variance_reduction", *REINFORCE_KEYS[reduction])
            options = {key: options[key] for key in keys}
        table[name] = {
            "layers": sorted(entry["layers"]),
            "mode": entry.get("mode"),
            "estimator": entry.get("estimator"),
            "options": options,
            "slope": {key: slope[key] for key in SLOPE_KEYS[slope["schedule"]]},
            "published": entry.get("published", name),
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
    options = dict(variant["options"])
    network |= {key: options.pop(key) for key in UNIT_KEYS.get(variant["estimator"], ())}
    section = config[dataset]["training"].items()
    training = {key: value for key, value in section if key not in UNIT_KEYS}
    if options:
        training[variant["estimator"]] = options
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


def data_settings(config, dataset):
    """What results say of their data: the `title`, and the `origin`, `official`, `embedded` or
    `other`, where data of the same formats have a title of their own."""
    title, origin = config[dataset]["title"], config["data"]["origin"]
    if title != TITLES[dataset]:
        return {"title": title, "origin": "other"}
    titles = EMBEDDED_TITLES if origin == "embedded" else TITLES
    return {"title": titles[dataset], "origin": origin}


def data_folder(config):
    """Name of the folder of the archives and arrays: the origin, and the titles of other data."""
    own = [config[name]["title"] for name in DATASETS if config[name]["title"] != TITLES[name]]
    slugs = [re.sub("[^a-z0-9]+", "-", title.lower()).strip("-") for title in own]
    return "_".join([config["data"]["origin"], *slugs])


def result_settings(config, dataset):
    """What tables and figures need to know: `dataset`, its `title` (with the first task's ways and
    shots), `origin`, `seeds`, the `variants`, a list of `name`, `layers`, `mode`, `estimator`, its
    `options` but for the learning rate, `slope` (as text) and `published` in the order of the
    table, and for Omniglot the `tasks`, as the metrics name them."""
    settings = {
        "dataset": dataset,
        **data_settings(config, dataset),
        "seeds": config["seeds"],
        "variants": [
            {
                "name": name,
                "options": {k: v for k, v in row["options"].items() if k != "learning_rate"},
                "slope": " ".join(map(str, row["slope"].values())),
            }
            | {key: row[key] for key in ("layers", "mode", "estimator", "published")}
            for name, row in variants(config, dataset).items()
        ],
    }
    if dataset == "omniglot":
        test = config["omniglot"]["test"]
        settings["tasks"] = [
            task_name(n_way, k_shot) for n_way in test["n_way"] for k_shot in test["k_shot"]
        ]
        settings["title"] += f", {settings['tasks'][0]}"
        if config["omniglot"]["one_shot_runs"]:
            settings["tasks"].append(ONE_SHOT_TASK)
    return settings
