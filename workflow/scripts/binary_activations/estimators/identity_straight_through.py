"""The straight-through estimator with the identity's derivative in place of the clipped one.

The firing probability is taken as (a z + 1) / 2 wherever z is, so a unit that always or never fires
still gets a gradient. Hinton 2012 (Coursera lecture 9c) as Bengio, Léonard & Courville 2013,
arXiv:1308.3432, section 4, describe it; Yin et al. 2019, arXiv:1903.05662, show where it fails.
"""

from binary_activations.estimators.pass_through import PassThrough


class Estimator(PassThrough):
    """dh/dz = a/2 everywhere."""

    def carrier(self, firing):
        return (firing.slope * firing.z + 1.0) / 2.0
