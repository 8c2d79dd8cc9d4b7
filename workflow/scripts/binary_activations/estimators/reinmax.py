"""ReinMax for a binary unit: dh/dp is taken as 1 / (2 P(h)).

The expectation over h of dL/dh dh/dp is then the mean of L's slopes at 0 and at 1. This is the
trapezoidal rule for L(1) - L(0), which is exact if L is quadratic in h. Liu et al. 2023,
arXiv:2304.08612, algorithm 2: with q = (h + p) / 2, the logit's factor is
2 q (1 - q) - p (1 - p) / 2. In the two states this is p (1 - p) / (2 P(h)).
"""

from binary_activations.estimators.pass_through import PassThrough


class Estimator(PassThrough):
    """dh/dp = 1 / (2 p) where a unit fires, else 1 / (2 (1 - p)); p must lie in (0, 1)."""

    def derivative(self, firing):
        return 0.5 / (firing.h - 1.0 + firing.p).abs()
