"""What keys of a configuration say against each other, or against the data."""

import os
import re
from difflib import get_close_matches
from pathlib import Path

from binary_activations.data.contents import AVAILABLE, DRAWERS, ROTATIONS, training_images
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.networks.shapes import SHAPES
from binary_activations.study.tasks import TASKS, is_few_shot
from binary_activations.study.variants import UNIT_KEYS, matches, variants

# What local expectations take of a network's shape; the first is the network's own.
FLIPPED = {
    "activation": ("hard_sigmoid",),
    "pooling": ("max",),
    "normalisation": ("before_pooling",),
    "kernel_size": (5, 3),
    "groups": (1,),
}

HEATMAPS = "heatmaps"  # the folder beside those of the variants


def near_names(name, known):
    """Returns the end of a message: which known names a name may have been meant to be, or all."""
    near = get_close_matches(name, known, n=3)
    return f"; is it {' or '.join(near)}?" if near else f"; there are {', '.join(known)}"


def contradictions(config):
    """Yields what is at fault in a configuration that its schema takes: keys, values, remedies.

    Args:
        config: the merged configuration.
    """
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
    for dataset in (name for name in TASKS if not is_few_shot(name)):
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
    folders = (config["results"], config["replicates"] or config["results"])
    shared = len(set(map(os.path.normpath, folders))) > 1
    if origin == "embedded" and shared and Path("resources/official").is_dir():
        yield (
            f"replicates: networks of embedded data would replace those of the official ones in "
            f"{config['replicates']}; use --config replicates={config['results']}"
        )
    for dataset in TASKS:
        yield from _schedule_contradictions(config, dataset)
        yield from _variant_contradictions(config[dataset], dataset)
    if not any(variants(config, dataset) for dataset in TASKS):
        sweeps = [f"{name}.sweep" for name in TASKS if config[name].get("sweep")]
        keys = ", ".join([*(f"{name}.select" for name in TASKS), *sweeps])
        yield f"{keys}: no variant is left"


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
    for key in ("select", "sweep"):
        for pattern in section.get(key, ()):
            if not any(matches(name, [pattern]) for name in section["variants"]):
                hint = near_names(pattern, section["variants"])
                yield f"{dataset}.{key}: no variant is named {pattern!r}{hint}"
    for name, entry in section["variants"].items():
        where, estimator = f"{dataset}.variants.{name}", entry.get("estimator")
        if name == HEATMAPS:
            yield f"{where}: is the name of a folder of pictures; use another"
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
            yield from _network_contradictions(section, name, dataset)
        yield from _unit_contradictions(entry, where)
        if estimator == "local_expectation" and activations.get("conv2") == "relu":
            yield f"{where}.activations.conv2: local_expectation takes no relu above its units"
        modes = CATALOGUE[estimator].modes if estimator else ()
        if estimator and entry["mode"] not in modes:
            yield (
                f"{where}: {entry['mode']} units cannot be trained with {estimator}, but "
                f"{' and '.join(modes)} ones can"
            )


def _network_contradictions(section, name, dataset):
    entry = section["variants"][name]
    own, estimator = entry.get("network", {}), entry.get("estimator")
    shape = section["network"] | own
    channels = shape.get("channels", SHAPES[dataset].channels)
    groups = shape.get("groups", 1)

    def where(key):
        if key in own:
            return f"{dataset}.variants.{name}.network.{key}"
        return f"{dataset}.network.{key}, of {name}"

    if shape.get("pooling") == "stride" and "normalisation" in shape:
        yield f"{where('normalisation')}: has no meaning without max-pooling"
    if any(count % groups for count in channels):
        yield f"{where('groups')}: {groups} do not divide the channels {list(channels)}"
    if estimator == "local_expectation":
        for key, known in FLIPPED.items():
            if shape.get(key, known[0]) not in known:
                taken = " or ".join(map(str, known))
                remedy = f"leave the variant out of {dataset}.select"
                yield f"{where(key)}: local_expectation takes {taken} alone; or {remedy}"
    for layer in entry["layers"] if "share" in entry else ():
        count = channels[int(layer.removeprefix("conv")) - 1]
        binary = round(entry["share"] * count)
        if binary in (0, count):
            key = f"{dataset}.variants.{name}.share"
            told = "none" if binary == 0 else "all; leave it out"
            yield f"{key}: {entry['share']} of the {count} channels of {layer} are {told}"


def _unit_contradictions(entry, where):
    estimator = entry.get("estimator")
    stated = [key for key in UNIT_KEYS if key in entry]
    if not entry["layers"]:
        for key in stated:
            yield f"{where}.{key}: has no meaning with no binary layer"
    elif estimator == "none":
        for key in ("firing_penalty", "share"):
            if key in stated:
                yield f"{where}.{key}: trains what lies below, and none is to leave it as it was"
    elif CATALOGUE[estimator].unbiased_at_fixed_moments:
        for key in stated:
            yield (
                f"{where}.{key}: {estimator} computes losses from whole layers of 0 and 1; use an "
                "estimator that passes a gradient through the units"
            )
