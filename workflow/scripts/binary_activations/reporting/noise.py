"""How much accuracies vary by themselves, and what that says of a difference between variants.

Two things vary: trainings, from seed to seed, and the test images that are drawn. Accuracies are
modelled as variant + seed + residual. The variance of the residual is pooled over all variants of a
family, since three seeds of one variant say little.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.05  # of tests; intervals have the rest


@dataclass(frozen=True)
class Difference:
    """A difference between variants, in percentage points.

    Attributes:
        value: the estimate.
        seeds_variance: of the estimate, by the trainings; not a number for one seed.
        images_variance: of the estimate, by the test images; 0 where each seed has its own.
        degrees: of freedom of the sum of both (Satterthwaite 1946).
        seeds: how many there are.
    """

    value: float
    seeds_variance: float
    images_variance: float
    degrees: float
    seeds: int

    @property
    def half_width(self):
        """Half the width of the 95 % interval."""
        return self._half_width(self.seeds)

    def _half_width(self, seeds):
        variance = self.seeds_variance * self.seeds / seeds + self.images_variance
        degrees = self.degrees * seeds / self.seeds
        return stats.t.ppf(1 - LEVEL / 2, degrees) * math.sqrt(variance)

    @property
    def p(self):
        """The probability of a difference as large as this, if there were none."""
        error = math.sqrt(self.seeds_variance + self.images_variance)
        if math.isnan(error):
            return math.nan
        if error == 0.0:
            return float(self.value == 0.0)
        return 2 * stats.t.sf(abs(self.value) / error, self.degrees)

    def seeds_that_decide(self, most=100):
        """Returns how many seeds' interval would exclude zero, at this difference; None: more than
        `most`, or the test images do not suffice."""
        for seeds in range(self.seeds, most + 1):
            if self._half_width(seeds) < abs(self.value):
                return seeds
        return None


class Noise:
    """The noise of a study's accuracies on one task.

    Args:
        metrics: as `tables.read_metrics` returns them, of one task.
        families: by variant, the family that its spread is like.

    Attributes:
        levene_p: of Levene's test (1960, with medians) that all families spread alike; not a number
            where it cannot be made. It is for the reader: each family has a variance of its own
            whatever it says, since such a test misses much where seeds are few.
        deviations: by family, the residual's standard deviation.
        degrees: by family, its degrees of freedom.
    """

    def __init__(self, metrics, families):
        self.seeds = metrics["seed"].nunique()
        by_variant = metrics.groupby("variant", sort=False)
        self.accuracies = {name: rows["accuracy"].to_numpy() for name, rows in by_variant}
        self.families = {name: families[name] for name in self.accuracies}
        self.correct = {}  # by variant, [seeds, images]
        if "correct" in metrics:
            self.correct = {name: np.array(list(rows["correct"])) for name, rows in by_variant}
        self._fit()

    def _fit(self):
        names = list(self.accuracies)
        centred = np.array([self.accuracies[name] for name in names])
        centred = centred - centred.mean(1, keepdims=True)
        kinds = list(dict.fromkeys(self.families.values()))
        which = np.array([kinds.index(self.families[name]) for name in names])
        self.levene_p = math.nan
        weights = np.ones(len(names))
        if self.seeds > 1 and len(kinds) > 1:
            residuals, _ = _residuals(centred, weights)
            groups = [residuals[which == number].ravel() for number in range(len(kinds))]
            self.levene_p = float(stats.levene(*groups, center="median").pvalue)
            for _ in range(50):  # until the weights agree with the variances
                weights = 1.0 / np.maximum(self._variances(centred, which, weights), 1e-12)
        variances = self._variances(centred, which, weights)
        _, free = _residuals(centred, weights)
        degrees = np.bincount(which, free)[which]
        self._variance = dict(zip(names, variances, strict=True))
        self._degrees = dict(zip(names, degrees, strict=True))
        self.deviations = {self.families[name]: math.sqrt(self._variance[name]) for name in names}
        self.degrees = {self.families[name]: self._degrees[name] for name in names}

    @staticmethod
    def _variances(centred, which, weights):
        """Returns the variance of each variant's group."""
        residuals, free = _residuals(centred, weights)
        squares, free = (np.bincount(which, part) for part in ((residuals**2).sum(1), free))
        with np.errstate(invalid="ignore", divide="ignore"):
            return (squares / free)[which]

    def difference(self, weights):
        """Returns a weighted sum of the variants' mean accuracies.

        Args:
            weights: by variant; they sum to 0, so that what a seed adds to all variants cancels.

        Returns:
            A `Difference`. For one seed its variances are not numbers.
        """
        value = sum(weight * self.accuracies[name].mean() for name, weight in weights.items())
        if self.seeds < 2:
            return Difference(value, math.nan, math.nan, math.nan, self.seeds)
        parts = {}
        for name, weight in weights.items():
            share = weight**2 * self._variance[name] / self.seeds
            family = self.families[name]
            parts[family] = (parts.get(family, (0.0,))[0] + share, self._degrees[name])
        seeds_variance = sum(variance for variance, _ in parts.values())
        images_variance = 0.0
        if self.correct:
            images_variance, images = self._images_variance(weights)
            parts[None] = images_variance, images - 1
        total = seeds_variance + images_variance
        spread = sum(variance**2 / degrees for variance, degrees in parts.values())
        degrees = total**2 / spread if spread else math.inf
        return Difference(value, seeds_variance, images_variance, degrees, self.seeds)

    def _images_variance(self, weights):
        """Returns a difference's variance by the test images, and how many there are.

        What an image changes from seed to seed is part of the seeds' variance, so it is taken off.
        """
        by_image = sum(100 * weight * self.correct[name] for name, weight in weights.items())
        seeds, images = by_image.shape
        within = by_image.var(0, ddof=1).mean() / seeds
        return max(0.0, by_image.mean(0).var(ddof=1) - within) / images, images


def _residuals(centred, weights):
    """Returns what is left of accuracies, [variants, seeds], after the seeds' effects, which are
    weighted means over the variants; and each variant's share of the degrees of freedom."""
    share = weights / weights.sum()
    residuals = centred - share @ centred
    return residuals, (centred.shape[1] - 1) * (1.0 - share)
