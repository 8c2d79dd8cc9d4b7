"""The straight-through Gumbel-softmax (concrete) estimator for two classes.

h = 1[y > 1/2] with the relaxed state y = sigmoid((logit p + logit(1 - u)) / temperature), where u
is the uniform number that drew h. dh/dp is taken as dy/dp = y (1 - y) / (temperature p (1 - p)).
Biased; the lower the temperature, the less bias and the more variance. Jang, Gu & Poole 2017,
arXiv:1611.01144, section 2.2; Maddison, Mnih & Teh 2017, arXiv:1611.00712.
"""

from binary_activations.estimators.pass_through import PassThrough


class Estimator(PassThrough):
    """dh/dp is that of the relaxed states; p must lie in (0, 1).

    Args:
        temperature: of the relaxed states, > 0.
    """

    def __init__(self, temperature, **context):
        super().__init__(**context)
        self.temperature = temperature

    def derivative(self, firing):
        p, noise = firing.p, firing.thresholds.logit(eps=1e-7)
        relaxed = ((p.logit() - noise) / self.temperature).sigmoid_()
        return relaxed * (1.0 - relaxed) / (self.temperature * p * (1.0 - p))
