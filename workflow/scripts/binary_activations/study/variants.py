"""The variants of a study: each an entry of the configuration, with all that it leaves out."""

import math
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.networks.shapes import shape_of

SLOPE_KEYS = {
    "constant": ("schedule",),
    "geometric": ("schedule", "rate", "maximum"),
    "linear": ("schedule", "step", "maximum"),
}
ACTIVATION_NAMES = {"hard_sigmoid": "hard sigmoid", "relu": "ReLU"}
POOLING_NAMES = {"max": "max-pooling", "stride": "stride 2"}
UNIT_KEYS = ("share", "states", "firing_penalty")


@dataclass(frozen=True)
class Variant:
    """One network of a study.

    Attributes:
        name: its key in the configuration.
        layers: its binary layers, lowest first.
        mode: of their units; None where no layer is binary.
        estimator: a name of the catalogue; None where no layer is binary.
        options: of the estimator: the catalogue's defaults, below what the configuration states.
        slope: the schedule of slope annealing, with just the keys that it uses.
        published: the published variant that it is compared with.
        activations: by layer that is not binary, its activation, where not the network's own.
        distance_scale: `learned`, where the distance of embeddings has a learned scale; else None.
        shape: what its network has other than the published one (`convolutional.Shape`): the data
            set's `network`, below its own.
        own_shape: its own part of that.
        unit_options: of `UNIT_KEYS`, those that it states, for its binary layers.
        learning_rate: of the training, where it is not the data set's.
        swept: of a sweep over learning rates, the variant that it is a copy of, and its rate.
    """

    name: str
    layers: tuple[str, ...]
    mode: str | None
    estimator: str | None
    options: dict
    slope: dict
    published: str
    activations: dict | None = None
    distance_scale: str | None = None
    shape: dict = field(default_factory=dict)
    own_shape: dict = field(default_factory=dict)
    unit_options: dict = field(default_factory=dict)
    learning_rate: float | None = None
    swept: tuple[str, float] | None = None

    @property
    def label(self):
        """What tables call its estimator, and what is special about its binary units."""
        if not self.layers:
            return "no binary layer"
        parts = [CATALOGUE[self.estimator].label]
        for key, value in self.unit_options.items():
            match key:
                case "share":
                    groups = self.own_shape.get("groups", 1)
                    apart = f" in {groups} groups" if groups > 1 else ""
                    parts.append(f"{100 * value:g} % of channels{apart}")
                case "states":
                    parts.append("states -1 and 1")
                case "firing_penalty":
                    parts.append(f"firing penalty {value:g}")
        return ", ".join(parts)

    @property
    def network(self):
        """What its network has other than those of its data set: `ReLU in conv1, conv2`."""
        return self._network_text({"groups"} if "share" in self.unit_options else set())

    @property
    def network_at_any_width(self):
        """The same without its channels."""
        return self._network_text({"channels"})

    def _network_text(self, left_out):
        parts = [_shape_text(k, v) for k, v in self.own_shape.items() if k not in left_out]
        parts += self._activation_texts()
        return "; ".join(parts + ["learned scale"] * (self.distance_scale == "learned"))

    def _activation_texts(self):
        by_activation = {}
        for layer, activation in sorted((self.activations or {}).items()):
            by_activation.setdefault(ACTIVATION_NAMES[activation], []).append(layer)
        return [f"{name} in {', '.join(layers)}" for name, layers in by_activation.items()]

    def channels(self, dataset):
        """Returns the channels of its network's layers."""
        return list(shape_of(dataset, self.units()).channels)

    def recipe(self, dataset):
        """Returns what its network and its binary units are made of, by name."""
        shape = vars(shape_of(dataset, self.units()))
        made = shape | {"channels": ", ".join(map(str, shape["channels"]))} | self.unit_options
        if self.activations:
            made["other activations"] = "; ".join(self._activation_texts())
        if self.distance_scale:
            made["distance scale"] = self.distance_scale
        return made

    @property
    def slope_schedule(self):
        """What tables call its schedule of slope annealing: `+0.04 an epoch to 5`."""
        match self.slope:
            case {"rate": rate, "maximum": maximum}:
                return f"×{rate:g} an epoch to {maximum:g}"
            case {"step": step, "maximum": maximum}:
                return f"+{step:g} an epoch to {maximum:g}"
        return self.slope["schedule"]

    @property
    def family(self):
        """The family that its replicates spread like."""
        return CATALOGUE[self.estimator].family if self.layers else "backpropagation"

    def units(self):
        """Returns what the network is made with.

        They are `layers`; where they are stated, `activations`, `distance_scale` and `network`; and
        where there are binary layers, `mode`, `estimator` (its `name` and own options), where it is
        an option, `margin`, and `UNIT_KEYS` that are stated."""
        stated = {
            "activations": self.activations,
            "distance_scale": self.distance_scale,
            "network": self.shape,
        }
        units = {"layers": list(self.layers)} | {k: v for k, v in stated.items() if v}
        if not self.layers:
            return units
        options = CATALOGUE[self.estimator].of_module(self.options)
        units["mode"] = self.mode
        units["estimator"] = {"name": self.estimator, **options}
        if "margin" in self.options:
            units["margin"] = self.options["margin"]
        return units | self.unit_options


def _shape_text(key, value):
    """Returns what tables say of one part of a network's shape."""
    match key:
        case "channels":
            return f"{', '.join(map(str, value))} channels"
        case "kernel_size":
            return f"kernels of {value} x {value}"
        case "activation":
            return ACTIVATION_NAMES[value]
        case "pooling":
            return POOLING_NAMES[value]
        case "groups":
            return f"{value} groups of channels"
    return f"batch norm {value.replace('_', ' ')}"


def options_of(section, entry):
    """Returns the options of a variant's estimator.

    Its own options override the data set's training options, which override the defaults."""
    estimator = entry.get("estimator")
    if estimator is None:
        return {}
    defaults = CATALOGUE[estimator].defaults()
    return defaults | (section["training"].get(estimator) or {}) | (entry.get(estimator) or {})


def _of_entry(section, name, entry, swept=None):
    slope = entry.get("slope", section["slope"])
    return Variant(
        name=name,
        layers=tuple(sorted(entry["layers"])),
        mode=entry.get("mode"),
        estimator=entry.get("estimator"),
        options=options_of(section, entry),
        slope={key: slope[key] for key in SLOPE_KEYS[slope["schedule"]]},
        published=entry.get("published", name),
        activations=entry.get("activations"),
        distance_scale=entry.get("distance_scale"),
        shape=section["network"] | entry.get("network", {}),
        own_shape=entry.get("network", {}),
        unit_options={key: entry[key] for key in UNIT_KEYS if key in entry},
        learning_rate=entry.get("learning_rate"),
        swept=swept,
    )


def _at_rate(entry, rate):
    """Returns an entry with another learning rate: of what lies below binary layers where its
    estimator has a rate of its own, else of the whole training."""
    estimator = entry.get("estimator")
    if estimator and "learning_rate" in CATALOGUE[estimator].options:
        return entry | {estimator: (entry.get(estimator) or {}) | {"learning_rate": rate}}
    return entry | {"learning_rate": rate}


def _rate_name(name, rate):
    """Names a variant at a rate, in letters, digits, _ and - alone: `NAME_at_3e-2`."""
    mantissa, exponent = f"{rate:.6e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".").replace(".", "_")
    return f"{name}_at_{mantissa}e{int(exponent)}"


def variants(config, dataset):
    """Returns the variants of one data set.

    Args:
        config: a checked configuration.
        dataset: a name of `tasks.TASKS`.

    Returns:
        By name each `Variant` that is selected, in the order of the patterns that select them, and
        then of the configuration; but those without a binary layer first, and of them the
        plainest. Where the section has a sweep, each is replaced by its copies at the rates of the
        first pattern that its name matches.
    """
    section = config[dataset]
    table = {}
    entries = [
        (name, entry)
        for pattern in section["select"]
        for name, entry in section["variants"].items()
        if matches(name, [pattern])
    ]
    for name, entry in sorted(dict(entries).items(), key=lambda item: _rank(item[1])):
        if not section.get("sweep"):
            table[name] = _of_entry(section, name, entry)
            continue
        rates = [rates for pattern, rates in section["sweep"].items() if matches(name, [pattern])]
        for rate in rates[0] if rates else []:
            copy = _rate_name(name, rate)
            table[copy] = _of_entry(section, copy, _at_rate(entry, rate), (name, rate))
    return table


def _rank(entry):
    """Returns where a variant stands: by the number of its keys, where it has no binary layer."""
    return math.inf if entry["layers"] else len(entry)


def matches(name, patterns):
    """Tells whether a variant's name matches one of some patterns, with * and ? as wildcards."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
