"""Stochastic gradient descent with momentum, and Adam.

The updates are those of `torch.optim`, for parameters that have a gradient in every step or in
none. The classes of `torch.optim` import PyTorch's compiler, which takes 4 s of every training.
"""

import torch


class Optimiser:
    """Groups of parameters, and for each parameter the tensors that its update remembers.

    Args:
        groups: mappings with `params`, a list of parameters, and `lr`, their learning rate.
        memories: how many tensors each parameter's update remembers, zero at first.

    Attributes:
        factor: what every learning rate is multiplied by; a schedule sets it, epoch by epoch.
    """

    factor = 1.0

    def __init__(self, groups, memories):
        self.groups = groups
        self.steps = torch.zeros((), dtype=torch.float64, device=groups[0]["params"][0].device)
        self.memory = [
            [[torch.zeros_like(p) for _ in range(memories)] for p in group["params"]]
            for group in groups
        ]

    def zero_grad(self):
        """Forgets the gradients."""
        for group in self.groups:
            for parameter in group["params"]:
                parameter.grad = None

    @torch.no_grad()
    def step(self):
        """Updates every parameter that has a gradient."""
        self.steps += 1
        for group, memory in zip(self.groups, self.memory, strict=True):
            rate = group["lr"] * self.factor
            for parameter, remembered in zip(group["params"], memory, strict=True):
                if parameter.grad is not None:
                    self.update(parameter, parameter.grad, rate, *remembered)

    def state_dict(self):
        return {"steps": self.steps, "memory": self.memory}

    def load_state_dict(self, state):
        self.steps.copy_(state["steps"])
        for group, saved_group in zip(self.memory, state["memory"], strict=True):
            for remembered, saved in zip(group, saved_group, strict=True):
                for tensor, value in zip(remembered, saved, strict=True):
                    tensor.copy_(value)


class Momentum(Optimiser):
    """v = momentum v + g, then w = w - lr v, or Nesterov's w = w - lr (g + momentum v).

    Sutskever et al. 2013, as PyTorch writes it.

    Args:
        groups: as `Optimiser` takes them.
        momentum: in [0, 1).
        nesterov: whether the step is Nesterov's.
        weight_decay: g gains this times w, where w is a weight of a convolution or linear layer.
    """

    def __init__(self, groups, momentum, nesterov=False, weight_decay=0.0):
        super().__init__(groups, memories=1)
        self.momentum, self.nesterov, self.weight_decay = momentum, nesterov, weight_decay

    def update(self, parameter, gradient, learning_rate, velocity):
        if self.weight_decay and parameter.ndim > 1:  # the others are biases and batch norm's
            gradient = gradient.add(parameter, alpha=self.weight_decay)
        velocity.mul_(self.momentum).add_(gradient)
        step = gradient.add(velocity, alpha=self.momentum) if self.nesterov else velocity
        parameter.sub_(step, alpha=learning_rate)


class Adam(Optimiser):
    """Kingma & Ba 2015, arXiv:1412.6980, algorithm 1, with its default settings.

    Args:
        groups: as `Optimiser` takes them.
    """

    BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

    def __init__(self, groups):
        super().__init__(groups, memories=2)

    def update(self, parameter, gradient, learning_rate, mean, square):
        mean.lerp_(gradient, 1.0 - self.BETA1)
        square.mul_(self.BETA2).addcmul_(gradient, gradient, value=1.0 - self.BETA2)
        scale = (square / (1.0 - self.BETA2**self.steps)).sqrt_().add_(self.EPSILON)
        parameter.sub_(mean / scale * (learning_rate / (1.0 - self.BETA1**self.steps)))
