"""No gradient: what lies below a binary layer stays as it was initialised."""

from binary_activations.estimators.base import GradientEstimator


class Estimator(GradientEstimator):
    """Passes no gradient: the control, which repeats what the published REINFORCE layers do."""
