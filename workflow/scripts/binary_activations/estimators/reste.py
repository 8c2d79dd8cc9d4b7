"""ReSTE, rectified straight-through: the derivative of a root in place of the sign's.

With x = a z and h = (sign(x) + 1) / 2, the sign is taken as sign(x) |x| ** (1 / o), so dsign/dx is
|x| ** (1 / o - 1) / o where 0.1 < |x| <= 1.5, the slope of the chord to 0.1 below that, and 0
beyond. An o of 1 is the identity up to 1.5. Wu et al. 2023, arXiv:2308.06689, who raise o from 1 to
3 over the training; here it is fixed.
"""

from binary_activations.estimators import identity_straight_through

NEAREST, FURTHEST = 0.1, 1.5  # the m and t of the paper, in |a z|


class Estimator(identity_straight_through.Estimator):
    """dh/dz = a/2 |a z| ** (1 / o - 1) / o near the threshold, else 0.

    Args:
        power: o, at least 1.
    """

    def __init__(self, power, **context):
        super().__init__(**context)
        self.power = power

    def derivative(self, firing):
        distance = (firing.slope * firing.z).abs()
        steep = distance.clamp(min=NEAREST).pow_(1.0 / self.power - 1.0).div_(self.power)
        steep[distance <= NEAREST] = NEAREST ** (1.0 / self.power - 1.0)
        return steep.mul_(distance <= FURTHEST)
