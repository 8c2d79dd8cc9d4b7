"""The straight-through estimator: dh/dp is taken as 1.

Biased, of low variance; exact where L is linear in h. G. Hinton 2012 (Coursera lecture 9c);
Bengio, Léonard & Courville 2013, arXiv:1308.3432, section 4.
"""

from binary_activations.estimators.pass_through import PassThrough


class Estimator(PassThrough):
    """dh/dp = 1, so dh/dz = a/2 where |a z| < 1, else 0."""
