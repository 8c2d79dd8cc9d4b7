"""The score-function estimator (REINFORCE) and what lowers its variance.

For a layer with firing probabilities p and states h, the gradient of E[L] with respect to p_j is
E[(L - b) s_j] with the score s_j = d log P(h | p) / dp_j and any b that does not depend on h_j
(Williams 1992, "Simple statistical gradient-following algorithms", eq. 2). The estimators here
return that estimate, which backpropagation then takes from p to what lies below.

Each is unbiased for stochastic units where L_i depends on the states of sample i alone. Batch
normalisation above a binary layer lets it depend a little on the other samples', through the
batch's moments; that path is left out. For deterministic units the formula is evaluated at
h = 1[p > 0.5], which is a heuristic: such a unit has no score function.
"""

import math

import torch


def score(p, h):
    """d log P(h | p) / dp = h / p - (1 - h) / (1 - p), any shape, for p in (0, 1)."""
    return 1.0 / (h - 1.0 + p)


class Layer:
    """A binary layer in one step of training: its units, and the network above them.

    Args:
        network: a `convolutional.ConvolutionalNetwork` that has just run.
        name: of the layer.
        p: firing probabilities [samples, channels, height, width].
        h: their states, same shape.
        losses: of the pass that drew h; as many as there are samples, or one for all of them.
        criterion: the network's output to such losses.
        labels: int64 [samples], where the criterion is their cross-entropy.
    """

    def __init__(self, network, name, p, h, losses, criterion, labels=None):
        self.network, self.name = network, name
        self.p, self.h, self.losses = p.detach(), h, losses.detach()
        self.criterion, self.labels = criterion, labels

    @torch.no_grad()
    def losses_of(self, h):
        """The losses of other states; layers above draw theirs anew."""
        return self.criterion(self.network.above(self.name, h))

    def uniform(self):
        """Uniform numbers in [0, 1), one a unit."""
        return torch.empty_like(self.p).uniform_(generator=self.network.generator)

    def differences(self, samples):
        """L(h_j = 1) - L(h_j = 0) of each unit of the first samples (`local_expectation`)."""
        # Imported here, since its compiler takes a second, for which only trainings need wait.
        from binary_activations.estimators.local_expectation import loss_differences

        parts = (part[:samples] for part in (self.p, self.h, self.labels))
        return loss_differences(self.network, self.name, *parts)


def _per_unit(losses):
    return losses.reshape(-1, 1, 1, 1)


class ScoreFunction:
    """A score-function estimator; it may remember something from step to step."""

    def gradients(self, network, losses, criterion, labels=None):
        """The estimates for a step's binary layers.

        Args:
            network: a `convolutional.ConvolutionalNetwork` that has just run; forgets its states.
            losses: of that pass; as many as samples, or one for all of them.
            criterion: the network's output to such losses.
            labels: int64 [samples], where the criterion is their cross-entropy.

        Returns:
            Pairs of firing probabilities and the gradient of the mean loss with respect to them.
        """
        pairs = []
        for name, (p, h) in network.take_states().items():
            layer = Layer(network, name, p, h, losses, criterion, labels)
            pairs.append((p, self.estimate(layer) / len(losses)))
        self.update(losses.detach())
        return pairs

    def update(self, losses):
        """Take a step's losses into what is remembered."""

    def state_dict(self):
        return {}

    def load_state_dict(self, state):
        pass


class RunningMean(ScoreFunction):
    """(L - b) / max(1, v) times the score, centred and scaled by the losses of earlier steps.

    b is the running mean of the losses and v their running standard deviation. Neither depends
    on this step's states, so the direction of the expected gradient is the true one; its length
    is divided by max(1, v). Mnih & Gregor 2014, arXiv:1402.0030, sections 2.3.1 and 2.3.2.

    Args:
        initial: the first b, the loss to expect before training.
        decay: of both running means, per step, in [0, 1).
        device: where the losses are; nothing is synchronised with the host.
    """

    def __init__(self, initial, decay, device="cpu"):
        self.mean = torch.tensor(float(initial), device=device)
        self.variance = torch.tensor(0.0, device=device)
        self.decay = decay

    def estimate(self, layer):
        return _per_unit(self.signal(layer.losses)) * score(layer.p, layer.h)

    def signal(self, losses):
        """The centred and scaled losses, any shape."""
        return (losses - self.mean) / self.variance.sqrt().clamp(min=1.0)

    def update(self, losses):
        losses = losses.to(self.mean)
        deviation = (losses - self.mean).square().mean()
        self.variance.lerp_(deviation, 1.0 - self.decay)
        self.mean.lerp_(losses.mean(), 1.0 - self.decay)

    def state_dict(self):
        return {"mean": self.mean.clone(), "variance": self.variance.clone()}

    def load_state_dict(self, state):
        self.mean.copy_(state["mean"])
        self.variance.copy_(state["variance"])


class LeaveOneOut(ScoreFunction):
    """Several samples of the states; each one's baseline is the mean loss of the others.

    The samples are independent, so the baseline does not depend on the states that it is for.
    Kool, van Hoof & Welling 2019, "Buy 4 REINFORCE samples, get a baseline for free!"; Mnih &
    Rezende 2016, arXiv:1602.06725, eq. 8. Each sample but the first costs a forward pass of the
    layers above.

    Args:
        samples: how many, the one that the network ran on included; at least 2.
    """

    def __init__(self, samples):
        self.samples = samples

    def estimate(self, layer):
        states, losses = [layer.h], [layer.losses]
        while len(states) < self.samples:
            states.append((layer.uniform() < layer.p).to(layer.p))
            losses.append(layer.losses_of(states[-1]))
        losses = torch.stack(losses)
        signals = (losses - losses.mean(0)) / (self.samples - 1)
        return sum(
            _per_unit(signal) * score(layer.p, h) for signal, h in zip(signals, states, strict=True)
        )


class DisARM(ScoreFunction):
    """Two antithetic samples: h = 1[u < p] and h' = 1[1 - u < p].

    With respect to the logit the estimate is (L - L')/2 (-1)^h' max(p, 1 - p) where the states
    differ, else 0; here it is divided by p (1 - p), the logit's derivative. Dong, Mnih & Tucker
    2020, arXiv:2006.10680, eq. 5 (also U2G: Yin et al. 2020); it is ARM (Yin & Zhou 2019,
    arXiv:1807.11143) with the uniform numbers that give the same states averaged out. Costs one
    forward pass of the layers above.
    """

    def estimate(self, layer):
        p, h = layer.p, layer.h
        uniform = layer.uniform()
        uniform = torch.where(h > 0, p * uniform, p + (1.0 - p) * uniform)  # given that it drew h
        antithetic = (1.0 - uniform < p).to(p)
        signal = 0.5 * (layer.losses - layer.losses_of(antithetic))
        weight = (h - antithetic) / torch.minimum(p, 1.0 - p)  # max(p, 1 - p) / (p (1 - p))
        return _per_unit(signal) * weight


class LocalExpectation(ScoreFunction):
    """The score function with each unit's own state summed out: L(h_j = 1) - L(h_j = 0).

    The expectation over h_j of L times the score, given all other states: what is left of the
    variance is that of the other states alone (Rao & Blackwell). Titsias & Lázaro-Gredilla 2015,
    arXiv:1503.01494, eq. 7. It takes the loss for either state of every unit, which is cheap near
    the output (`local_expectation`).

    Args:
        images: of a batch, whose order is random, that the estimate is made from; the fewer, the
            cheaper. Scaled, so that it stays unbiased.
    """

    def __init__(self, images):
        self.images = images

    def estimate(self, layer):
        differences = layer.differences(self.images)
        estimate = torch.zeros_like(layer.p)
        estimate[: self.images] = differences * (len(layer.p) / len(differences))
        return estimate


def new_score_function(settings, classes, device):
    """The estimator that a configuration asks for.

    Args:
        settings: of the training; `reinforce` where a score function is used, with
            `variance_reduction` and what that takes: `baseline_decay` (running_mean), `samples`
            (leave_one_out) or `images` (local_expectation).
        classes: that the network tells apart: before training the loss is about their logarithm.
        device: where the losses are.

    Returns:
        A `ScoreFunction`, or None where none is used.
    """
    options = settings.get("reinforce", {})
    match options.get("variance_reduction"):
        case "running_mean":
            return RunningMean(math.log(classes), options["baseline_decay"], device)
        case "leave_one_out":
            return LeaveOneOut(options["samples"])
        case "disarm":
            return DisARM()
        case "local_expectation":
            return LocalExpectation(options["images"])
    return None


def backpropagate(objective, gradients):
    """One backward pass from the objective and from the estimates of binary layers.

    Args:
        objective: a scalar.
        gradients: pairs of tensors and their gradients (`ScoreFunction.gradients`).

    Returns:
        Whether anything depends on a parameter (not so where `none` units are the last layer
        and no weights lie above).
    """
    roots = [pair for pair in [(objective, None), *gradients] if pair[0].requires_grad]
    if roots:
        tensors, estimates = zip(*roots, strict=True)
        torch.autograd.backward(tensors, estimates)
    return bool(roots)
