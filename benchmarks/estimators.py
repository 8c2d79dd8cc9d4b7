"""Measure the bias and the variance of every gradient estimator.

    python benchmarks/estimators.py                    small networks, minutes
    python benchmarks/estimators.py --data resources/official --draws 200 --page docs/estimators.md

First with batch norm's moments held fixed, against exact enumeration over the states of 6 units.
Then in training mode, as the study trains: against brute force (`brute_force`), on a network of 4
units a sample below conv2's batch norm and, with --data, on the MNIST network after some steps of
training. All print markdown.
"""

import argparse
import itertools
import statistics
import time
from pathlib import Path

import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

import checkout
from binary_activations.data.datasets import load_images, normalised
from binary_activations.estimators.base import new_estimator
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.estimators.score_function import Layer
from binary_activations.figures.style import write_figure
from binary_activations.networks.activations import BinaryActivation
from binary_activations.networks.convolutional import ConvolutionalNetwork
from binary_activations.networks.shapes import Shape
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.devices import set_up_device
from binary_activations.training.fit import new_network
from binary_activations.training.generators import generator
from binary_activations.training.steps import backpropagate
from brute_force import Correction, WithoutMoments
from estimators_figure import bias_figure
from pages import write_between

MARGIN, SLOPE = 0.05, 1.3
STUDY_MARGIN = 0.001
LAYERS = (["conv1"], ["conv2"], ["conv1", "conv2"])
BATCHES = (8, 32, 64)
BIAS = ["bias", "its standard error"]
WITHOUT_MOMENTS = "local expectation without moments"
OWN_LOSS = "score function of each sample's loss, exact"
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
    return new_estimator(name, **{"initial_loss": 1.0, **taken, **options})


def tiny_network(layers, margin=MARGIN, slope=SLOPE):
    """4 x 4 drawings, layers of 4 and 2 units, in evaluation mode: samples are independent."""
    torch.manual_seed(8)
    units = {"layers": layers, "mode": "stochastic", "margin": margin}
    network = ConvolutionalNetwork(Shape((1, 2), 3, "hard_sigmoid"), units, nn.Linear(2, 3))
    network = network.double().eval()
    network.set_slope(slope)
    network.set_generator(torch.Generator().manual_seed(2))
    return network


def expected_loss(network, drawings, labels):
    """E[L] of the mean loss L, by enumeration of all states of all units of all drawings, from the
    definition alone: a scalar that is differentiable in every parameter. In training mode each
    batch of states has its own moments."""

    def expectation(value, names):
        if not names:
            return F.cross_entropy(network.head(value.flatten(1)), labels)
        layer, rest = network.layers[names[0]], names[1:]
        unit = layer[-1]
        p = ((unit.slope * layer[:2](value) + 1) / 2).clamp(0, 1)
        if not isinstance(unit, BinaryActivation):
            return expectation(p, rest)
        p = p.clamp(unit.margin, 1 - unit.margin)
        total = 0
        for states in itertools.product([0.0, 1.0], repeat=p.numel()):
            h = torch.tensor(states, dtype=p.dtype).reshape(p.shape)
            total = total + (p * h + (1 - p) * (1 - h)).prod() * expectation(h, rest)
        return total

    return expectation(drawings, network.layer_names)


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


def enumeration_table(layers, repeats=100, samples=500):
    """Bias and deviation of each estimator while moments are held fixed, relative to the exact
    gradient of the tiny network: one data frame. The deviation is of one sample's estimate."""
    target = torch.tensor([1])
    rows = []
    for label, (name, options) in tqdm(MEASURED.items(), "enumeration", disable=None):
        network, estimator = tiny_network(layers), make_estimator(name, options)
        network.set_estimator(estimator)
        drawing = torch.randn(1, 1, 4, 4, dtype=torch.float64, generator=generator(0, "order"))
        exact = exact_gradient(network, layers, drawing, target)
        inputs = (drawing.expand(samples, -1, -1, -1), target.expand(samples))
        estimates = torch.stack(
            [estimate(network, layers, *inputs, estimator) for _ in range(repeats)]
        )
        error = estimates.std(0) / repeats**0.5
        norms = (estimates.mean(0) - exact).norm(), error.norm(), estimates.std(0).norm()
        bias, error, deviation = ((norm / exact.norm()).item() for norm in norms)
        rows.append([label, bias, error, deviation * samples**0.5])
    return pd.DataFrame(rows, columns=["estimator", *BIAS, "deviation"])


def exact_gradient(network, layers, drawings, labels):
    """The gradient of `expected_loss`, of `lower_parameters`, flattened."""
    gradients = torch.autograd.grad(
        expected_loss(network, drawings, labels), lower_parameters(network, layers)
    )
    return torch.cat([gradient.flatten() for gradient in gradients])


def enumerated_batch_errors(batch):
    """The exact error of local expectations in training mode, relative to the exact gradient, with
    and without the moments' part: of the tiny network below conv1, over all states of a batch."""
    drawings, labels = tiny_batch(batch)
    network = training_network(["conv1"])
    exact = exact_gradient(network, ["conv1"], drawings, labels)
    p = network.layers["conv1"][-1].probabilities(network.layers["conv1"][:2](drawings))
    estimators = make_estimator("local_expectation", {}), WithoutMoments()
    totals = [torch.zeros_like(p) for _ in estimators]
    with torch.no_grad():
        for states in itertools.product([0.0, 1.0], repeat=p.numel()):
            h = torch.tensor(states, dtype=p.dtype).view_as(p)
            probability = (p * h + (1.0 - p) * (1.0 - h)).prod()
            layer = Layer(network, "conv1", p, h, torch.zeros(batch), None, labels)
            for total, estimator in zip(totals, estimators, strict=True):
                total += probability * estimator.estimate(layer) / batch
    errors = []
    for total in totals:
        lower = lower_parameters(network, ["conv1"])
        gradients = torch.autograd.grad(p, lower, total, retain_graph=True)
        found = torch.cat([gradient.flatten() for gradient in gradients])
        errors.append(((found - exact).norm() / exact.norm()).item())
    return errors


def tiny_batch(batch):
    """Drawings and labels drawn at random, for the tiny network."""
    order = generator(0, "order")
    drawings = torch.randn(batch, 1, 4, 4, dtype=torch.float64, generator=order)
    return drawings, torch.randint(3, (batch,), generator=order)


def training_network(layers):
    """The tiny network in training mode, with the study's margin and slope."""
    return tiny_network(layers, STUDY_MARGIN, 1.0).train()


def training_table(
    network, layers, drawings, labels, draws, corrections, units=None, measured=MEASURED
):
    """Compares estimators with brute force in training mode, on one batch, weights held fixed.

    The reference is the mean of local expectations over many draws, plus the mean of `Correction`
    over fewer other ones. All estimators, local expectations among them, see the same states.

    Args:
        network: in training mode.
        layers: its binary layers.
        drawings, labels: the batch.
        draws: of the states, for each estimator.
        corrections: draws of the correction; 0: local expectations are the reference.
        units: of a layer, that a correction flips; None: all.
        measured: the estimators, as `MEASURED` has them.

    Returns:
        Data frame. `bias` and its standard error are norms over all parameters up to the last
        binary layer, divided by the reference's norm; so is `deviation`, of one batch's estimate.
        `cosine` is the mean cosine to the reference.
    """

    def estimates(estimators, draws, title, first=0):
        """Gradients [draws, parameters] and median seconds of each. They take turns, so that what
        slows the machine slows all of them."""
        found, seconds = {label: [] for label in estimators}, {label: [] for label in estimators}
        for draw in tqdm(range(draws), title, leave=False, disable=None):
            for label, estimator in estimators.items():
                network.set_estimator(estimator)
                network.generator.manual_seed(first + draw)
                started = time.perf_counter()
                found[label].append(estimate(network, layers, drawings, labels, estimator))
                seconds[label].append(time.perf_counter() - started)
        return {
            label: (torch.stack(gradients).double(), statistics.median(seconds[label]))
            for label, gradients in found.items()
        }

    made = {label: make_estimator(*entry) for label, entry in measured.items()}
    found = estimates(made | {WITHOUT_MOMENTS: WithoutMoments()}, draws, "estimates")
    local, _ = found[CATALOGUE["local_expectation"].label]
    correction = own_loss = torch.zeros_like(local)
    if corrections:
        flips = {own: Correction(units, generator(0, "units"), own) for own in (False, True)}
        by_force = estimates(flips, corrections, "brute force", first=draws)
        (correction, _), (own_loss, _) = by_force.values()
    reference = local.mean(0) + correction.mean(0)
    size = reference.norm()

    def norms(*differences):
        """Of sums of means: the norm, and its standard error, relative to the reference's."""
        total = sum(difference.mean(0) for difference in differences)
        error = sum(difference.var(0) / len(difference) for difference in differences).sqrt()
        return (total.norm() / size).item(), (error.norm() / size).item()

    rows = []
    for label, (gradients, seconds) in found.items():
        deviation = gradients.std(0).norm() / size
        cosine = F.cosine_similarity(gradients, reference[None]).mean()
        errors = norms(gradients - local, -correction)
        rows.append([label, *errors, deviation.item(), cosine.item(), 1e3 * seconds])
    if corrections:
        rows.append([OWN_LOSS, *norms(own_loss - correction), None, None, None])
    return pd.DataFrame(rows, columns=["estimator", *BIAS, "deviation", "cosine", "ms per step"])


def lower_parameters(network, layers):
    """Returns the parameters of the layers up to the last binary one."""
    names = network.layer_names[: network.layer_names.index(layers[-1]) + 1]
    return [p for name in names for p in network.layers[name].parameters()]


def trained_weights(data, layers, steps):
    """Weights of the stochastic MNIST network after some steps of straight-through training."""
    images = load_images(data, "train")
    settings = {
        "dataset": "mnist",
        "units": {
            **{"layers": layers, "mode": "stochastic"},
            "estimator": {"name": "straight_through"},
        },
        "precision": "float32",
        "training": checkout.read_config()["mnist"]["training"] | {"validation_images": 1},
    }
    training = ClassificationTraining(settings, 0, images, "cpu")
    training.images = images.subset(torch.arange(steps * 64) % len(images))
    training.train_epoch()
    return training.network.state_dict(), images.subset(torch.arange(64))


def mnist_table(data, layers, steps, draws):
    """`training_table` of the MNIST network on one batch of 64 images.

    With both layers binary, what a flip changes by way of the upper layer's states is too noisy for
    brute force on some of the units, so local expectations are the reference.
    """
    weights, batch = trained_weights(data, layers, steps)
    units = {"layers": layers, "mode": "stochastic", "margin": STUDY_MARGIN}
    network = new_network("mnist", units, 0, "cpu")
    network.load_state_dict(weights)
    network.train()
    inputs = normalised(batch.images), batch.labels
    corrections = draws // 10 if len(layers) == 1 else 0
    return training_table(network, layers, *inputs, draws, corrections, units=1000)


def with_error(table):
    """The bias of each estimator with its standard error, as text, by estimator."""
    texts = [f"{bias:.3f} ± {error:.3f}" for bias, error in table[BIAS].itertuples(index=False)]
    return pd.Series(texts, table["estimator"])


def fixed_moments_tables(repeats):
    """Bias and deviation with moments held fixed, a column for each choice of binary layers."""
    tables = {" and ".join(layers): enumeration_table(layers, repeats) for layers in LAYERS}
    columns = {f"bias, {names}": with_error(table) for names, table in tables.items()}
    for names, table in tables.items():
        columns[f"deviation, {names}"] = table.set_index("estimator")["deviation"].map(
            "{:.3g}".format
        )
    return {"Moments held fixed: 6 units, enumeration": pd.DataFrame(columns).reset_index()}


def brute_force_tables(draws, corrections):
    """Bias in training mode on the tiny network, a column for each batch."""
    tables = {}
    for layers in LAYERS:
        columns = {}
        for batch in BATCHES:
            inputs = tiny_batch(batch)
            found = training_table(training_network(layers), layers, *inputs, draws, corrections)
            columns[f"batch of {batch}"] = with_error(found)
        title = f"Training mode, small network, binary {' and '.join(layers)}: bias"
        tables[title] = pd.DataFrame(columns).reset_index()
    errors = {f"batch of {batch}": enumerated_batch_errors(batch) for batch in (2, 3)}
    rows = ["local expectation", WITHOUT_MOMENTS]
    table = pd.DataFrame(errors, index=pd.Index(rows, name="estimator")).map("{:.3f}".format)
    tables["Training mode, small network, binary conv1: exact error"] = table.reset_index()
    return tables


def mnist_tables(data, steps, draws):
    """Bias, deviation, direction and cost in training mode on the MNIST network, by its binary
    layers."""
    tables = {}
    for layers in LAYERS:
        table = mnist_table(data, layers, steps, draws)
        table["bias"] = with_error(table).to_numpy()
        of_straight_through = table.set_index("estimator")["ms per step"]["straight-through"]
        table["time"] = table["ms per step"] / of_straight_through
        for name in ("deviation", "cosine", "ms per step", "time"):
            table[name] = table[name].map("{:.3g}".format).replace("nan", "")
        tables[" and ".join(layers)] = table.drop(columns="its standard error")
    return tables


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of mnist.npz: measure there too")
    parser.add_argument("--steps", type=int, default=800, help="of training before")
    parser.add_argument("--draws", type=int, default=400, help="estimates of each gradient")
    parser.add_argument("--page", type=Path, help="page whose measured part is replaced")
    arguments = parser.parse_args()
    set_up_device("cpu", 1)
    draws = arguments.draws
    tables = fixed_moments_tables(repeats=100) | brute_force_tables(draws, draws // 4)
    on_mnist = {}
    if arguments.data:
        on_mnist = mnist_tables(arguments.data / "mnist.npz", arguments.steps, draws)
    for layers, table in on_mnist.items():
        tables[f"Training mode, MNIST, batch of 64, binary {layers}"] = table
    text = "\n\n".join(
        f"### {title}\n\n{table.to_markdown(index=False, disable_numparse=True)}"
        for title, table in tables.items()
    )
    print(text)
    if arguments.page:
        write_between(arguments.page, "measured", text)
    if arguments.page and on_mnist:
        for kind in ("png", "svg"):
            path = arguments.page.parent / "images" / f"{arguments.page.stem}.{kind}"
            write_figure(path, bias_figure(on_mnist))


if __name__ == "__main__":
    main()
