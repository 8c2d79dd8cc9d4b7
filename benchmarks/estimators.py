"""Measure the bias and the variance of every gradient estimator.

    python benchmarks/estimators.py                    against exact enumeration, seconds
    python benchmarks/estimators.py --data resources/official --page docs/estimators.md

The first table is of a network of 6 stochastic binary units, whose expected loss and gradient are
sums over all of their states. With --data, a second one is of the MNIST network: trained for some
steps, then the gradient of one batch is estimated again and again with the same weights. Both
print markdown.
"""

import argparse
import itertools
import time
from pathlib import Path

import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

import checkout  # noqa: F401
from binary_activations.data.datasets import load_mnist, normalised
from binary_activations.estimators.base import new_estimator
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.networks.activations import BinaryActivation, HardSigmoid
from binary_activations.networks.convolutional import ConvolutionalNetwork
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.devices import set_up_device
from binary_activations.training.fit import new_network
from binary_activations.training.generators import generator
from binary_activations.training.steps import backpropagate
from pages import write_between

MARGIN, SLOPE = 0.05, 1.3
# Of a batch, all images, so that estimates are comparable.
ALL_IMAGES = {"images": 10**6}
NO_BASELINE = "REINFORCE, no baseline"
TWO_SAMPLES = "REINFORCE, leave-one-out, samples 2"
SIXTEEN_SAMPLES = "REINFORCE, leave-one-out, samples 16"
# By label: a row of the catalogue, and options that are not its defaults.
MORE = {
    "Gumbel-softmax, temperature 0.5": ("gumbel_softmax", {"temperature": 0.5}),
    NO_BASELINE: ("running_mean", {"initial_loss": 0.0, "baseline_decay": 1.0}),
    TWO_SAMPLES: ("leave_one_out", {"samples": 2}),
    SIXTEEN_SAMPLES: ("leave_one_out", {"samples": 16}),
}
MEASURED = {row.label: (name, {}) for name, row in CATALOGUE.items()} | MORE


def make_estimator(name, options):
    """Returns an estimator of the catalogue, its options at their defaults where not given."""
    taken = CATALOGUE[name].of_module(CATALOGUE[name].defaults())
    if "images" in taken:
        taken |= ALL_IMAGES
    return new_estimator(name, **{"initial_loss": 1.0, **taken, **options})


def tiny_network(layers):
    """4 x 4 drawings, layers of 4 and 2 units, batch norm fixed: samples are independent."""
    torch.manual_seed(8)
    units = {"layers": layers, "mode": "stochastic", "margin": MARGIN}
    network = ConvolutionalNetwork((1, 1, 2), 3, HardSigmoid, units, nn.Linear(2, 3))
    network = network.double().eval()
    network.set_slope(SLOPE)
    network.set_generator(torch.Generator().manual_seed(2))
    return network


def expected_loss(network, drawing, label):
    """E[L] by enumeration of all states, from the definition alone: a scalar that is
    differentiable in every parameter."""

    def expectation(value, names):
        if not names:
            return F.cross_entropy(network.head(value.flatten(1)), label)
        layer, rest = network.layers[names[0]], names[1:]
        p = ((SLOPE * layer[:2](value) + 1) / 2).clamp(0, 1)
        if not isinstance(layer[-1], BinaryActivation):
            return expectation(p, rest)
        p = p.clamp(MARGIN, 1 - MARGIN)
        total = 0
        for states in itertools.product([0.0, 1.0], repeat=p.numel()):
            h = torch.tensor(states, dtype=p.dtype).reshape(p.shape)
            total = total + (p * h + (1 - p) * (1 - h)).prod() * expectation(h, rest)
        return total

    return expectation(drawing, network.layer_names)


def estimate(network, layers, drawings, labels, estimator):
    """One estimate of the mean loss's gradient: of `lower_parameters`, flattened; 0 where none."""

    def criterion(logits):
        return F.cross_entropy(logits, labels, reduction="none")

    network.zero_grad()
    losses = criterion(network(drawings))
    backpropagate(losses.mean(), estimator.gradients(network, losses, criterion, labels))
    lower = lower_parameters(network, layers)
    gradients = (torch.zeros_like(p) if p.grad is None else p.grad for p in lower)
    return torch.cat([gradient.flatten() for gradient in gradients])


def bias_and_deviation(estimates, exact, samples):
    """Of estimates [repeats, parameters], each the mean of so many samples' estimates: the norm of
    the bias, its standard error, and the root of the summed variances of a sample's estimate, all
    divided by the exact gradient's norm."""
    error = estimates.std(0) / len(estimates) ** 0.5
    values = (
        (estimates.mean(0) - exact).norm(),
        error.norm(),
        estimates.std(0).norm() * samples**0.5,
    )
    return [(value / exact.norm()).item() for value in values]


def enumeration_table(layers, repeats=100, samples=500):
    """Bias and variance of each estimator on the tiny network: one data frame."""
    target = torch.tensor([1])
    rows = []
    for label, (name, options) in tqdm(MEASURED.items(), "enumeration", disable=None):
        network, estimator = tiny_network(layers), make_estimator(name, options)
        network.set_estimator(estimator)
        drawing = torch.randn(1, 1, 4, 4, dtype=torch.float64, generator=generator(0, "order"))
        exact = torch.autograd.grad(
            expected_loss(network, drawing, target), lower_parameters(network, layers)
        )
        exact = torch.cat([gradient.flatten() for gradient in exact])
        inputs = (drawing.expand(samples, -1, -1, -1), target.expand(samples))
        estimates = torch.stack(
            [estimate(network, layers, *inputs, estimator) for _ in range(repeats)]
        )
        rows.append([label, *bias_and_deviation(estimates, exact, samples)])
    return pd.DataFrame(rows, columns=["estimator", "bias", "its standard error", "deviation"])


def lower_parameters(network, layers):
    """Returns the parameters of the layers up to the last binary one."""
    names = network.layer_names[: network.layer_names.index(layers[-1]) + 1]
    return [p for name in names for p in network.layers[name].parameters()]


def trained_weights(data, layers, steps):
    """Weights of the stochastic MNIST network after some steps of straight-through training."""
    images = load_mnist(data, "train")
    settings = {
        "units": {
            **{"layers": layers, "mode": "stochastic"},
            "estimator": {"name": "straight_through"},
        },
        "precision": "float32",
        "training": {
            **{"learning_rate": 0.1, "momentum": 0.9},
            **{"batch_size": 64, "validation_images": 1},
        },
    }
    training = ClassificationTraining(settings, 0, images, "cpu")
    training.images = images.subset(torch.arange(steps * 64) % len(images))
    training.train_epoch()
    return training.network.state_dict(), images.subset(torch.arange(64))


def mnist_table(data, layers, steps, repeats):
    """Deviation, direction and cost of each estimator on one batch of 64 images: one data frame."""
    weights, batch = trained_weights(data, layers, steps)
    inputs, labels = normalised(batch.images), batch.labels
    measured = {}
    for label, (name, options) in tqdm(MEASURED.items(), f"MNIST {layers}", disable=None):
        units = {"layers": layers, "mode": "stochastic", "margin": 0.001}
        network, estimator = new_network("mnist", units, 0, "cpu"), make_estimator(name, options)
        network.set_estimator(estimator)
        network.load_state_dict(weights)
        network.train()
        estimates, started = [], time.perf_counter()
        for _ in range(repeats):
            estimates.append(estimate(network, layers, inputs, labels, estimator))
        seconds = (time.perf_counter() - started) / repeats
        measured[label] = torch.stack(estimates).double(), seconds
    exact = measured[CATALOGUE["local_expectation"].label][0].mean(0)
    rows = []
    for name, (estimates, seconds) in measured.items():
        deviation = estimates.std(0).norm() / exact.norm()
        cosine = F.cosine_similarity(estimates, exact[None]).mean()
        rows.append([name, deviation.item(), cosine.item(), 1e3 * seconds])
    return pd.DataFrame(rows, columns=["estimator", "deviation", "cosine", "ms per step"])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of mnist.npz: measure there too")
    parser.add_argument("--steps", type=int, default=800, help="of training before")
    parser.add_argument("--repeats", type=int, default=200, help="estimates of each gradient")
    parser.add_argument("--page", type=Path, help="page whose measured part is replaced")
    arguments = parser.parse_args()
    set_up_device("cpu", 1)
    tables = {}
    for layers in (["conv1"], ["conv2"], ["conv1", "conv2"]):
        tables[f"Enumeration, binary {' and '.join(layers)}"] = enumeration_table(layers)
    if arguments.data:
        for layers in (["conv1"], ["conv2"], ["conv1", "conv2"]):
            tables[f"MNIST, binary {' and '.join(layers)}"] = mnist_table(
                arguments.data / "mnist.npz", layers, arguments.steps, arguments.repeats
            )
    text = "\n\n".join(
        f"### {title}\n\n{table.to_markdown(index=False, floatfmt='.3g')}"
        for title, table in tables.items()
    )
    print(text)
    if arguments.page:
        write_between(arguments.page, "measured", text)


if __name__ == "__main__":
    main()
