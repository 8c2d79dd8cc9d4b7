"""The comparisons by which a study answers its questions, each with its noise and its verdict.

A question's comparisons are all listed, and its p values are corrected for their number (Holm
1979). A mean over estimators or layers comes after the differences that it is a mean of.
"""

import copy
import itertools
import math
from collections import Counter

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from binary_activations.reporting.labels import EMBEDDED_NOTICE, alike_columns, estimator_name
from binary_activations.reporting.noise import LEVEL, Noise
from binary_activations.reporting.tables import first_task

QUESTIONS = {
    "cost": "What does a binary layer cost?",
    "place": "Where in the network?",
    "interaction": "Does one answer depend on another?",
    "estimator": "Which estimator?",
    "options": "What do other options change?",
    "units": "Deterministic or stochastic?",
    "slope": "Does slope annealing help?",
    "network": "What does another network change?",
}
NO_PAIRS = "No two variants of this study differ in one thing alone."
FACTORS = ("units", "estimator", "slope", "network", "layers")
CLEAR = (
    "± is of each difference by itself. We call a difference clear when its p value, corrected for "
    "all comparisons of its question and task (Holm), is below 0.05."
)
NONE = "none"  # layers of the network without a binary layer
# Others are compared with the first of these estimators that there is, and with this slope.
BASE_ESTIMATORS = ("none", "straight_through")
BASE_SLOPE = "constant"


def comparisons(metrics, settings):
    """Compares the variants of a study.

    Args:
        metrics: as `tables.read_metrics` returns them.
        settings: `Study.result_settings`.

    Returns:
        A row per comparison, by question: `question` (of `QUESTIONS`), `level` and `reference`,
        what is compared with what; `within`, among which variants; `pairs`, how many pairs of
        variants the difference is a mean of; `difference`, level less reference, in percentage
        points of test accuracy on the first task; `ci95`, half the width of its 95 % interval; `p`
        and `p_holm`; `clear`, whether `p_holm` is below 0.05; `seeds_needed`, how many seeds would
        show a difference of this size (`noise.Difference.seeds_needed`). What needs several seeds
        is empty for one. And the `Noise`.
    """
    families = {variant["name"]: variant["family"] for variant in settings["variants"]}
    noise = Noise(first_task(metrics, settings), families)
    asked = list(_asked(_Levels(settings)))
    sizes = Counter(question for question, *_ in asked)
    rows = []
    for question, level, reference, within, pairs in asked:
        found = noise.difference(_weights(pairs))
        needed = found.seeds_needed(sizes[question]) if noise.seeds > 1 else math.nan
        rows.append(
            {
                **{"question": question, "level": level, "reference": reference},
                **{"within": within, "pairs": len(pairs), "difference": found.value},
                **{"ci95": found.half_width, "p": found.p, "seeds_needed": needed},
            }
        )
    columns = ["question", "level", "reference", "within", "pairs", "difference", "ci95", "p"]
    table = pd.DataFrame(rows, columns=[*columns, "seeds_needed"])
    corrected = table.groupby("question", sort=False)["p"].transform(_holm)
    table.insert(8, "p_holm", corrected.astype(float))
    clear = [None if np.isnan(p) else bool(p < LEVEL) for p in table["p_holm"]]
    table.insert(9, "clear", pd.Series(clear, table.index, dtype=object))
    return table, noise


def _holm(p):
    if p.isna().any():
        return pd.Series(math.nan, p.index)
    return pd.Series(multipletests(p, method="holm")[1], p.index)


def _weights(pairs):
    """Returns each variant's weight in the mean over pairs (of names and their weights)."""
    weights = {}
    for pair in pairs:
        for name, weight in pair.items():
            weights[name] = weights.get(name, 0.0) + weight / len(pairs)
    return weights


class _Levels:
    """The variants by what they are: units, estimator, slope, network, layers."""

    def __init__(self, settings):
        self.by_levels, self.bases = {}, [BASE_SLOPE]
        self.modules = {}  # by estimator with its options, the name in the catalogue
        for estimator in BASE_ESTIMATORS:
            alike = [row for row in settings["variants"] if row["estimator"] == estimator]
            # The shortest name is that of plain units.
            self.bases += sorted((estimator_name(row, settings) for row in alike), key=len)[:1]
        for variant in settings["variants"]:
            binary = bool(variant["layers"])
            estimator = estimator_name(variant, settings) if binary else None
            layers = ", ".join(variant["layers"]) or NONE
            levels = (variant["mode"], estimator, variant["slope"], variant["network"], layers)
            if levels in self.by_levels:  # what else they differ in has no name of its own
                levels = (variant["mode"], f"{estimator} ({variant['name']})", *levels[2:])
            self.by_levels[levels] = variant["name"]
            self.modules[levels[1]] = variant["estimator"]
        self.single = [
            ", ".join(variant["layers"])
            for variant in settings["variants"]
            if len(variant["layers"]) == 1
        ]
        self.slopes = self.values("slope")
        self.rates = {row["name"]: row["learning_rate"] for row in settings["variants"]}
        # By what lies where binary layers are in others: the hard sigmoid that those threshold.
        self.sigmoids = {
            ", ".join(sorted(variant["activations"])): variant
            for variant in settings["variants"]
            if set(variant["activations"].values()) == {"hard_sigmoid"} and not variant["layers"]
        }

    def _where(self, holds):
        chosen = copy.copy(self)
        chosen.by_levels = {key: name for key, name in self.by_levels.items() if holds(*key)}
        return chosen

    def at_first_slope(self):
        """Returns these levels without the variants of all slopes but the first.

        The networks without a binary layer are all kept where none has that slope."""
        first = self.slopes[:1]
        plain_too = any(key[-1] == NONE and key[2] in first for key in self.by_levels)
        return self._where(
            lambda units, estimator, slope, network, layers: (
                slope in first or (layers == NONE and not plain_too)
            )
        )

    def of_network(self, own=""):
        """Returns the levels of the variants whose networks have this of their own, or nothing."""
        return self._where(lambda units, estimator, slope, network, layers: network == own)

    def networks(self):
        """Returns what networks have of their own, each once."""
        return list(filter(None, dict.fromkeys(key[-2] for key in self.by_levels)))

    def values(self, factor):
        """Returns the values of a factor among binary variants, in the order of the table, but
        first what others are compared with."""
        place = FACTORS.index(factor)
        found = dict.fromkeys(key[place] for key in self.by_levels if key[-1] != NONE)
        bases = [value for value in self.bases if value in found]
        return list(dict.fromkeys([*bases, *found]))

    def variants(self, **chosen):
        """Yields the levels of variants that have the chosen ones."""
        places = {FACTORS.index(factor): value for factor, value in chosen.items()}
        for key in self.by_levels:
            if all(key[place] == value for place, value in places.items()):
                yield key

    def pairs(self, factor, level, reference, **chosen):
        """Returns the pairs that differ in a factor alone, among the variants chosen: weights."""
        place, found = FACTORS.index(factor), []
        for key in self.variants(**chosen, **{factor: level}):
            other = (*key[:place], reference, *key[place + 1 :])
            if other in self.by_levels:
                found.append({self.by_levels[key]: 1.0, self.by_levels[other]: -1.0})
        return found

    def costs(self, **chosen):
        """Returns the pairs of a binary variant and the network without a binary layer, that of
        the same learning rate where there is one, or else the first: weights."""
        plain = {}
        for key, name in self.by_levels.items():
            if key[-1] == NONE:
                plain.setdefault(self.rates[name], name)
        names = [self.by_levels[key] for key in self.variants(**chosen) if key[-1] != NONE]
        first = next(iter(plain.values()), None)
        return [{name: 1.0, plain.get(self.rates[name], first): -1.0} for name in names if plain]


def _asked(levels):
    """Yields the comparisons that have variants: question, level, reference, within, pairs.

    Slopes are compared with the constant one, or else the first. All else is compared at that one,
    and among the networks of the data set. What a binary layer costs is also told among networks
    that have something of their own."""
    at_first = levels.at_first_slope()
    alike = at_first.of_network()
    yield from (row for row in _costs(alike) if row[-1])
    for network in at_first.networks():
        for question, level, reference, within, pairs in _costs(at_first.of_network(network)):
            if pairs:
                yield question, level, reference, f"{within}, {network}", pairs
    at_all = levels.of_network()
    yield from (row for row in _places(alike) if row[-1])
    yield from _interactions(alike, "estimator", "layers")
    yield from _interactions(alike, "units", "estimator")
    yield from _interactions(at_all, "units", "slope")
    for question in (_estimators, _units):
        yield from (row for row in question(alike) if row[-1])
    yield from (row for row in _slopes(at_all) if row[-1])
    yield from (row for row in _networks(at_first) if row[-1])


def _costs(levels):
    for estimator in levels.values("estimator"):
        single = []
        for layers in levels.values("layers"):
            pairs = levels.costs(estimator=estimator, layers=layers)
            yield "cost", layers, NONE, estimator, pairs
            single += [pairs] if pairs and layers in levels.single else []
        if len(single) > 1:
            yield "cost", "one binary layer", NONE, estimator, list(itertools.chain(*single))


def _places(levels):
    single = list(dict.fromkeys(levels.single))
    for estimator in levels.values("estimator"):
        for reference, layers in itertools.combinations(single, 2):
            pairs = levels.pairs("layers", layers, reference, estimator=estimator)
            yield "place", layers, reference, estimator, pairs


def _by_and_mean(question, levels, factor, by, *also):
    """Yields each value of a factor against the first: within each value of `by`; of what is in
    `also`, within each value of several; then over all."""
    first, *others = levels.values(factor) or [None]
    for value in others:
        parts = {
            each: {
                within: pairs
                for within in levels.values(each)
                if (pairs := levels.pairs(factor, value, first, **{each: within}))
            }
            for each in (by, *also)
        }
        for each, found in parts.items():
            if each == by or len(found) > 1:
                for within, pairs in found.items():
                    yield question, value, first, within, pairs
        if len(parts[by]) > 1:
            yield question, value, first, "mean", list(itertools.chain(*parts[by].values()))


def _estimators(levels):
    """Yields estimators against the first; one that has that estimator too, with options beside
    it, answers another question."""
    found = _by_and_mean("estimator", levels, "estimator", "layers", "units")
    for question, value, first, within, pairs in found:
        same = levels.modules[value] == levels.modules[first]
        yield "options" if same else question, value, first, within, pairs


def _units(levels):
    yield from _by_and_mean("units", levels, "units", "estimator")


def _slopes(levels):
    first, *others = levels.slopes or [None]
    kinds = levels.values("units")
    for slope in others:
        plain = levels.pairs("slope", slope, first, layers=NONE)
        yield "slope", slope, first, "no binary layer", plain
        for estimator in levels.values("estimator"):
            pairs = levels.pairs("slope", slope, first, estimator=estimator)
            yield "slope", slope, first, estimator, pairs
            if pairs and plain:
                more = f"{estimator} beyond what it does without a binary layer"
                yield "slope", slope, first, more, _contrast(pairs, plain)
        for units in kinds if len(kinds) > 1 else ():
            yield "slope", slope, first, units, levels.pairs("slope", slope, first, units=units)


def _networks(levels):
    """Yields networks that have something of their own against those of their data set, and binary
    layers against layers that are the hard sigmoid which they threshold."""
    for network in levels.networks():
        for layers in dict.fromkeys(key[-1] for key in levels.by_levels):
            within = "no binary layer" if layers == NONE else f"binary {layers}"
            pairs = levels.pairs("network", network, "", layers=layers)
            yield "network", network, "without", within, pairs
    for layers, real in levels.sigmoids.items():
        for key in levels.variants(network="", layers=layers):
            pair = {levels.by_levels[key]: 1.0, real["name"]: -1.0}
            yield "network", f"binary {layers}", real["network"], key[1], [pair]


def _interactions(levels, factor, by):
    """Yields how much a difference in one factor depends on another."""
    first, *others = levels.values(factor) or [None]
    base, *places = levels.values(by) or [None]
    for value, place in itertools.product(others, places):
        there = levels.pairs(factor, value, first, **{by: place})
        here = levels.pairs(factor, value, first, **{by: base})
        if there and here:
            within = f"{value} against {first}"
            yield "interaction", place, base, within, _contrast(there, here)


def _contrast(there, here):
    """Returns the mean of some pairs less the mean of others, as pairs of weights."""
    less = {name: -weight for name, weight in _weights(here).items()}
    return [
        {name: pair.get(name, 0.0) + less.get(name, 0.0) for name in {**pair, **less}}
        for pair in there
    ]


def comparisons_markdown(table, noise, settings):
    """Writes the tables for people, one for each question.

    Args:
        table, noise: as `comparisons` returns them.
        settings: `Study.result_settings`.

    Returns:
        Markdown text, which says what the ± are. One seed gives differences alone.
    """
    if table.empty:
        return f"{NO_PAIRS}\n"
    several = noise.seeds > 1
    parts = [EMBEDDED_NOTICE] if settings["origin"] == "embedded" else []
    for question, rows in table.groupby("question", sort=False):
        shown = pd.DataFrame([_shown(row, several) for row in rows.to_dict("records")])
        alike = alike_columns(shown[["with", "among", "pairs"]])
        told = [f" All rows: {', '.join(map(' '.join, alike.items()))}."] if alike else []
        parts.append(f"**{QUESTIONS[question]}**{''.join(told)}")
        shown = shown.drop(columns=list(alike))
        parts.append(shown.to_markdown(index=False, disable_numparse=True))
    if several:
        over = "seeds and test images" if noise.correct else "seeds, each with its own episodes"
        parts.append(
            f"Differences in test accuracy, in percentage points; ± is half the width of the 95 % "
            f"interval over {over}. {CLEAR}"
        )
        parts.append(_noise_text(noise))
    else:
        parts.append(
            "Differences in test accuracy, in percentage points. They are of one seed, which does "
            "not tell how much trainings differ, so none is judged."
        )
    return "\n\n".join(parts) + "\n"


def _shown(row, several):
    shown = {
        "compared": row["level"],
        "with": row["reference"],
        "among": row["within"],
        "pairs": str(row["pairs"]),
        "difference": f"{row['difference']:+.2f}",
    }
    if several:
        shown |= {
            "±": f"{row['ci95']:.2f}",
            "p": _p_text(row["p"]),
            "p, corrected": _p_text(row["p_holm"]),
            "clear": "yes" if row["clear"] else "no",
        }
    return shown


def _p_text(p):
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _noise_text(noise):
    """Says how much replicates of one variant differ, by family."""
    spread = [
        f"{100 * share:.0f} % ({family}; {noise.degrees[family]:.1f} degrees of freedom)"
        for family, share in noise.shares.items()
    ]
    text = (
        "Standard deviation of a replicate, as a share of its variant's mean error: "
        f"{', '.join(spread)}."
    )
    if not np.isnan(noise.levene_p):
        text += f" Levene's test of equal spread: p = {_p_text(noise.levene_p)}."
    return text
