"""The catalogue of gradient estimators: a row for each module of this room that is one.

Rules read the rows, so this module imports no PyTorch. A row determines an estimator's schema in
the configuration, its defaults, its label in tables, its line in the documentation, its tests and
its benchmark. Trainings do not read the catalogue, so a new row changes no training.
"""

from dataclasses import dataclass, field

OF_OTHERS = ("margin", "learning_rate")  # options of units and of the optimiser


@dataclass(frozen=True)
class Option:
    """A number that an estimator takes from the configuration.

    Attributes:
        default: its value where the configuration states none. An integer allows integers alone.
        meaning: one sentence, for the manual and for error messages.
        limits: keywords of JSON Schema that say which values are allowed.
    """

    default: float
    meaning: str
    limits: dict

    def schema(self):
        """Returns the option's JSON schema."""
        kind = "integer" if isinstance(self.default, int) else "number"
        return {"type": kind, "default": self.default, "description": self.meaning, **self.limits}


@dataclass(frozen=True)
class Row:
    """An estimator.

    Attributes:
        label: its name in tables and figures.
        meaning: what it takes for dL/dp, as a formula.
        options: by name, what its section of the configuration may hold. `margin` goes to the
            units, `learning_rate` to the optimiser of what lies below them, and all others to the
            module's `Estimator` (`of_module`).
        modes: of the units that it can train.
        datasets: whose networks it can train.
        unbiased_at_fixed_moments: whether its expectation is the gradient for stochastic units
            while batch norm's moments are held fixed; the tests compare it with exact enumeration.
    """

    label: str
    meaning: str
    options: dict[str, Option] = field(default_factory=dict)
    modes: tuple[str, ...] = ("deterministic", "stochastic")
    datasets: tuple[str, ...] = ("mnist", "omniglot", "characters")
    unbiased_at_fixed_moments: bool = False

    @property
    def family(self):
        """The estimators that trainings spread like: all that backpropagate alike, others alone."""
        apart = self.unbiased_at_fixed_moments or self is CATALOGUE["none"]
        return self.label if apart else "backpropagation"

    def defaults(self):
        """Returns the default of each option."""
        return {name: option.default for name, option in self.options.items()}

    def of_module(self, options):
        """Returns those of the options that the module's `Estimator` takes."""
        return {name: value for name, value in options.items() if name not in OF_OTHERS}

    def schema(self):
        """Returns the JSON schema of the estimator's section in a configuration."""
        return {
            "type": ["object", "null"],
            "additionalProperties": False,
            "description": f"Options of the estimator {self.label}.",
            "properties": {name: option.schema() for name, option in self.options.items()},
        }


MARGIN = Option(
    0.001,
    "How far firing probabilities are kept from 0 and 1.",
    {"exclusiveMinimum": 0, "exclusiveMaximum": 0.5},
)


def _learning_rate(default):
    meaning = "Size of a step, for the layers up to the last binary one."
    return Option(default, meaning, {"exclusiveMinimum": 0, "maximum": 1e30})


# The name in configurations is that of the module.
CATALOGUE = {
    "straight_through": Row(
        label="straight-through",
        meaning="dL/dh; exact if L is linear in h.",
    ),
    "identity_straight_through": Row(
        label="identity straight-through",
        meaning="dL/dh, also where p is 0 or 1: dL/dz = (a / 2) dL/dh everywhere.",
    ),
    "leaky_straight_through": Row(
        label="leaky straight-through",
        meaning="dL/dh, and a part of it where p is 0 or 1: dL/dz = (a / 2) leak dL/dh there.",
        options={
            "leak": Option(
                0.1,
                "The derivative where a unit always or never fires, as a part of that elsewhere.",
                {"minimum": 0, "maximum": 1},
            ),
        },
    ),
    "approx_sign": Row(
        label="ApproxSign",
        meaning="dL/dh, steeper near the threshold: dL/dz = a (1 - |a z|) dL/dh where |a z| < 1.",
    ),
    "tanh": Row(
        label="tanh straight-through",
        meaning="dL/dh by the derivative of tanh: dL/dz = (a / 2) (1 - tanh(a z)^2) dL/dh.",
    ),
    "reste": Row(
        label="ReSTE",
        meaning="dL/dh by that of a root: dL/dz = (a / 2) |a z|^(1/o - 1) / o dL/dh, |a z| < 1.5.",
        options={
            "power": Option(
                2.0,
                "Of the root that stands for the threshold; 1 is the identity up to 1.5.",
                {"minimum": 1, "maximum": 1000},
            ),
        },
    ),
    "gumbel_softmax": Row(
        label="Gumbel-softmax",
        meaning="dL/dh x dy/dp, with y the states relaxed at a temperature.",
        options={
            "temperature": Option(
                1.0,
                "Of the relaxed states; the lower, the less bias and the more variance.",
                {"exclusiveMinimum": 0, "maximum": 1000},
            ),
            "margin": MARGIN,
        },
    ),
    "reinmax": Row(
        label="ReinMax",
        meaning="dL/dh / (2 P(h)); exact if L is quadratic in h.",
        options={"margin": MARGIN},
    ),
    "running_mean": Row(
        label="REINFORCE",
        meaning="(L - b) x score; the baseline b and a scale come from earlier losses.",
        options={
            "learning_rate": _learning_rate(0.00001),
            "baseline_decay": Option(
                0.99,
                "Of the running mean and deviation of the loss, per step.",
                {"minimum": 0, "exclusiveMaximum": 1},
            ),
            "margin": MARGIN,
        },
        unbiased_at_fixed_moments=True,
    ),
    "leave_one_out": Row(
        label="REINFORCE, leave-one-out",
        meaning="Mean over samples of (L - mean of the others' L) x score.",
        options={
            "learning_rate": _learning_rate(0.01),
            "samples": Option(
                4,
                "States drawn per step; each but the first costs a pass of the layers above.",
                {"minimum": 2, "maximum": 1000},
            ),
            "margin": MARGIN,
        },
        modes=("stochastic",),
        unbiased_at_fixed_moments=True,
    ),
    "disarm": Row(
        label="DisARM",
        meaning="The scores of two antithetic samples, combined by the difference of their L.",
        options={"learning_rate": _learning_rate(0.01), "margin": MARGIN},
        modes=("stochastic",),
        unbiased_at_fixed_moments=True,
    ),
    "local_expectation": Row(
        label="local expectation",
        meaning="L(h_j = 1) - L(h_j = 0) for each unit j, the other units as they are.",
        options={
            "learning_rate": _learning_rate(0.03),
            # It divides by no P(h), so it needs no margin.
            "margin": Option(0.0, MARGIN.meaning, {"minimum": 0, "exclusiveMaximum": 0.5}),
        },
        datasets=("mnist",),
        unbiased_at_fixed_moments=True,
    ),
    "none": Row(
        label="no gradient",
        meaning="0: what lies below stays as it was initialised.",
    ),
}
