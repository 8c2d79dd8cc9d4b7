"""How much accuracies vary by themselves, and what that says of a difference between variants.

Two things vary: trainings, from seed to seed, and the test images that are drawn. Accuracies are
modelled as variant + seed + residual. A variant that errs more also spreads more, so the residual's
standard deviation is taken to be a share of the variant's mean error (100 less its accuracy). The
share is pooled over all variants of a family, since three seeds of one variant say little.
"""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.05  # of tests; intervals have the rest
POWER = 0.8  # with which a number of seeds is said to show a difference
MOST_SEEDS = 100  # that are told
SMALLEST_ERROR = 0.1  # in percent, that a standard deviation is a share of


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
        error = math.sqrt(self.seeds_variance + self.images_variance)
        return stats.t.ppf(1 - LEVEL / 2, self.degrees) * error

    @property
    def p(self):
        """The probability of a difference as large as this, if there were none."""
        error = math.sqrt(self.seeds_variance + self.images_variance)
        if math.isnan(error):
            return math.nan
        if error == 0.0:
            return float(self.value == 0.0)
        return 2 * stats.t.sf(abs(self.value) / error, self.degrees)

    def seeds_needed(self, comparisons=1, most=MOST_SEEDS):
        """Returns how many seeds would show a difference of this size, four times in five.

        Args:
            comparisons: of the question, for which p values are corrected.
            most: how many are tried.

        Returns:
            The number; more than `most` where none of these would do; infinity where the test
            images are too few for any number.
        """
        level = LEVEL / comparisons

        def shows(seeds_variance, degrees):
            error = math.sqrt(seeds_variance + self.images_variance)
            quantiles = stats.t.ppf(1 - level / 2, degrees) + stats.t.ppf(POWER, degrees)
            return quantiles * error < abs(self.value)

        if not shows(0.0, 1e9):
            return math.inf
        for seeds in range(self.seeds, most + 1):
            degrees = self.degrees * (seeds - 1) / (self.seeds - 1)
            if shows(self.seeds_variance * self.seeds / seeds, degrees):
                return seeds
        return most + 1


class Noise:
    """The noise of a study's accuracies on one task.

    Args:
        metrics: as `tables.read_metrics` returns them, of one task.
        families: by variant, the family that its spread is like. A family of one variant is
            pooled with the largest one, since its spread could not be told from the seeds' effects.
            Where there is one variant in all, these are part of its spread.

    Attributes:
        levene_p: of Levene's test (1960, with medians) that the shares of all families are alike;
            not a number where it cannot be made. It is for the reader: each family has a share of
            its own whatever it says, since such a test misses much where seeds are few.
        shares: by family, the residual's standard deviation as a share of the mean error.
        degrees: by family, its degrees of freedom.
        shared: by variant, its weight in the mean that tells what a seed changes in all variants
            alike; 0 of one variant alone.
    """

    def __init__(self, metrics, families):
        self.seeds = metrics["seed"].nunique()
        by_variant = metrics.groupby("variant", sort=False)
        self.accuracies = {name: rows["accuracy"].to_numpy() for name, rows in by_variant}
        sizes = Counter(families[name] for name in self.accuracies)
        largest = max(sizes, key=sizes.get)
        self.families = {
            name: families[name] if sizes[families[name]] > 1 else largest
            for name in self.accuracies
        }
        self.correct = {}  # by variant, [seeds, images]
        if "correct" in metrics:
            self.correct = {name: np.array(list(rows["correct"])) for name, rows in by_variant}
        self._fit()

    def _fit(self):
        accuracies = np.array(list(self.accuracies.values()))
        errors = np.maximum(100.0 - accuracies.mean(1), SMALLEST_ERROR)
        centred = accuracies - accuracies.mean(1, keepdims=True)
        kinds = list(dict.fromkeys(self.families.values()))
        which = np.array([kinds.index(family) for family in self.families.values()])
        shares, several = np.ones(len(kinds)), len(errors) > 1
        for _ in range(50):  # until the weights agree with the shares
            weights = 1.0 / np.maximum(shares[which] * errors, 1e-6) ** 2
            weights /= weights.sum()
            weights *= several  # what seeds change in one variant alone is all its own
            residuals = (centred - weights @ centred) / errors[:, None]
            free = (self.seeds - 1) * (1.0 - weights)
            squares, degrees = (np.bincount(which, part) for part in ((residuals**2).sum(1), free))
            with np.errstate(invalid="ignore", divide="ignore"):
                shares = np.sqrt(squares / degrees)
        self.shares = dict(zip(kinds, shares.tolist(), strict=True))
        self.degrees = dict(zip(kinds, degrees.tolist(), strict=True))
        self.deviations = dict(zip(self.accuracies, shares[which] * errors, strict=True))
        self.shared = dict(zip(self.accuracies, weights.tolist(), strict=True))
        self.levene_p = math.nan
        if self.seeds > 1 and len(kinds) > 1:
            groups = [residuals[which == number].ravel() for number in range(len(kinds))]
            self.levene_p = float(stats.levene(*groups, center="median").pvalue)

    def prediction(self, name):
        """Returns half the width of the 95 % interval of one more replicate of a variant."""
        if self.seeds < 2:
            return math.nan
        quantile = stats.t.ppf(1 - LEVEL / 2, self.degrees[self.families[name]])
        return quantile * self.deviations[name] * math.sqrt(1 + 1 / self.seeds)

    def difference(self, weights):
        """Returns a weighted sum of the variants' mean accuracies.

        Args:
            weights: by variant. Where they sum to 0, what a seed adds to all variants cancels; of
                one variant alone it is left out too.

        Returns:
            A `Difference`. For one seed its variances are not numbers.
        """
        value = sum(weight * self.accuracies[name].mean() for name, weight in weights.items())
        if self.seeds < 2:
            return Difference(value, math.nan, math.nan, math.nan, self.seeds)
        parts = {}
        for name, weight in weights.items():
            variance = weight**2 * self.deviations[name] ** 2 / self.seeds
            family = self.families[name]
            parts[family] = parts.get(family, (0.0,))[0] + variance, self.degrees[family]
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
