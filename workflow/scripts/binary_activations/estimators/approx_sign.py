"""ApproxSign: straight-through with the derivative of a piecewise parabola in place of the sign's.

With x = a z and h = (sign(x) + 1) / 2, dsign/dx is taken as 2 - 2 |x| where |x| < 1, else 0: twice
that of straight-through at the threshold, falling to 0 at the clip. Liu et al. 2018 (Bi-Real Net),
arXiv:1808.00278.
"""

from binary_activations.estimators import identity_straight_through


class Estimator(identity_straight_through.Estimator):
    """dh/dz = a (1 - |a z|) where |a z| < 1, else 0."""

    def derivative(self, firing):
        return (2.0 - 2.0 * (firing.slope * firing.z).abs()).clamp_(min=0.0)
