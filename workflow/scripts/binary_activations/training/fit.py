"""The training of one replicate, as both tasks share it. It can be killed at any time."""

import csv
import io
import math
import time

import torch

from binary_activations import command_line
from binary_activations.errors import StudyError
from binary_activations.estimators.base import new_estimator
from binary_activations.files import write_atomically
from binary_activations.networks.convolutional import NETWORKS, initialise
from binary_activations.training.checkpoints import Checkpoint, save_model, training_identity
from binary_activations.training.generators import generator
from binary_activations.training.learning_rates import rate_factor
from binary_activations.training.slopes import slope_at


def new_network(dataset, units, seed, device, precision="float32"):
    """Makes the network of one replicate: draws its weights, gives its units their generator.

    Args:
        dataset: a key of `convolutional.NETWORKS`.
        units: which of its layers are binary, and how (`convolutional.ConvolutionalNetwork`).
        seed: the replicate's.
        device: where it lives.
        precision: of its convolutions, as `convolutional.Convolution` has it.

    Returns:
        The network, with the generator that its units draw from.
    """
    network = NETWORKS[dataset](units)
    initialise(network, generator(seed, "weights"))
    network = network.to(device, memory_format=torch.channels_last)
    network.set_precision(precision)
    network.set_generator(generator(seed, "units", device))
    return network


def parameter_groups(network, settings):
    """Returns the optimiser's parameter groups.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        settings: `learning_rate`; and `learning_rate_below`, where the layers up to the last binary
            one have a rate of their own.
    """
    below = network.parameters_below_binary() if "learning_rate_below" in settings else []
    identities = {id(parameter) for parameter in below}
    others = [p for p in network.parameters() if id(p) not in identities]
    groups = [{"params": others, "lr": settings["learning_rate"]}]
    if below:
        groups.append({"params": below, "lr": settings["learning_rate_below"]})
    return [group for group in groups if group["params"]]


class Training:
    """All that trains one replicate, and all that changes while it does.

    A task is a subclass (`classification`, `few_shot`): it has the method `new_optimiser(groups)`,
    and two methods that return a loss
    (nats) and an accuracy (0 to 1): `train_epoch()` and `validate()`. The latter returns None and
    None where nothing is held out.

    Args:
        settings: `Study.training_settings`.
        seed: the replicate's.
        device: where it trains.
        classes: how many the network tells apart, where its outputs are not their logits; an
            untrained network's loss is about the log.

    Attributes:
        network: a `convolutional.ConvolutionalNetwork`.
        estimator: an `estimators.base.GradientEstimator`, of its binary layers.
        optimiser: of its parameters.
        order: the generator of the order of the data.
        history: for each epoch a mapping with `epoch` (from 0), `slope`, `training_loss`,
            `training_accuracy`, `validation_loss`, `validation_accuracy`.
        kept: the `epoch` that is kept, the last one or the one with the lowest validation loss, and
            the state_dict of its `network`; None before the first.
    """

    def __init__(self, settings, seed, device, classes=None):
        self.settings, self.seed = settings, seed
        self.dataset, units = settings["dataset"], settings["units"]
        self.network = new_network(self.dataset, units, seed, device, settings["precision"])
        classes = classes or self.network.head.out_features
        self.estimator = new_estimator(
            **units.get("estimator", {"name": None}), initial_loss=math.log(classes), device=device
        )
        self.network.set_estimator(self.estimator)
        self.optimiser = self.new_optimiser(parameter_groups(self.network, settings["training"]))
        self.order = generator(seed, "order")
        self.history, self.kept = [], None

    def state_dict(self):
        """Returns the state from which a training resumes."""
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "units": self.network.generator.get_state(),
            "order": self.order.get_state(),
            "estimator": self.estimator.state_dict(),
            "history": self.history,
            "kept": self.kept,
        }

    def load_state_dict(self, state):
        """Restores a state that `state_dict` returned."""
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.network.generator.set_state(state["units"].cpu())
        self.order.set_state(state["order"].cpu())
        self.estimator.load_state_dict(state["estimator"])
        self.history, self.kept = state["history"], state["kept"]

    def identity(self, data, threads, code):
        """Returns a digest of all that decides the result, which the checkpoint carries.

        Args:
            data: path of the prepared arrays.
            threads: of the processor.
            code: `code_digest.training_digest`.
        """
        return training_identity(self.settings, self.seed, threads, data, code)

    def fit(self, checkpoint):
        """Trains to the last epoch, from a checkpoint if there is one, and saves one every epoch.

        Args:
            checkpoint: a `checkpoints.Checkpoint`.

        Raises:
            StudyError: where a loss or a weight is no longer finite; the last good checkpoint
                stays.
        """
        epochs = self.settings["training"]["epochs"]
        if state := checkpoint.load():
            self.load_state_dict(state)
            print(f"resuming after epoch {len(self.history)}/{epochs}", flush=True)
        started, resumed = time.monotonic(), len(self.history)
        for epoch in range(resumed, epochs):
            epoch_started = time.monotonic()
            row = self._epoch(epoch, checkpoint.path.parent)
            checkpoint.save(self.state_dict())
            now = time.monotonic()
            left = (now - started) / (epoch + 1 - resumed) * (epochs - epoch - 1)
            outcomes = "".join(
                f"{stage} loss {row[f'{stage}_loss']:.4f} "
                f"accuracy {100 * row[f'{stage}_accuracy']:6.2f} %  "
                for stage in ("training", "validation")
                if row[f"{stage}_loss"] is not None
            )
            print(
                f"epoch {epoch + 1:3d}/{epochs}  slope {row['slope']:.3f}  {outcomes}"
                f"{now - epoch_started:6.1f} s  {left:6.0f} s left",
                flush=True,
            )

    def _epoch(self, epoch, folder):
        slope = slope_at(self.settings["slope"], epoch)
        self.network.set_slope(slope)
        self.optimiser.factor = rate_factor(self.settings["training"], epoch)
        training_loss, training_accuracy = self.train_epoch()
        validation_loss, validation_accuracy = self.validate()
        finite = all(value.isfinite().all() for value in self.network.state_dict().values())
        losses = [loss for loss in (training_loss, validation_loss) if loss is not None]
        if not (finite and all(map(math.isfinite, losses))):
            epochs = self.settings["training"]["epochs"]
            raise StudyError(
                f"{folder}: the loss or a weight is not finite in epoch {epoch + 1}/{epochs} "
                f"(training loss {training_loss}, validation loss {validation_loss}); lower the "
                "learning rate of this variant or data set"
            )
        row = {
            "epoch": epoch,
            "slope": slope,
            "training_loss": training_loss,
            "training_accuracy": training_accuracy,
            "validation_loss": validation_loss,
            "validation_accuracy": validation_accuracy,
        }
        self.history.append(row)
        if self._keeps(row):
            weights = {
                name: value.to("cpu", copy=True)
                for name, value in self.network.state_dict().items()
            }
            self.kept = {"epoch": epoch, "network": weights}
        return row

    def _keeps(self, row):
        if self.kept is None or self.settings["training"]["keep"] == "last_epoch":
            return True
        return row["validation_loss"] < self.history[self.kept["epoch"]]["validation_loss"]

    def write(self, model, history):
        """Writes the kept epoch's network and the history, once all epochs are done.

        Args:
            model: path of the model (`checkpoints.save_model`).
            history: path of the history, CSV with a row for each epoch.
        """
        slope = slope_at(self.settings["slope"], self.kept["epoch"])
        write_history(history, self.history)
        save_model(model, self.dataset, self.settings["units"], self.kept["network"], slope)


def training_options(parser):
    """Adds the options of a program that trains one replicate."""
    command_line.replicate_options(parser)
    parser.add_argument("--code", required=True, help="digest of the code: of its checkpoints too")
    command_line.path_option(parser, "model", "the trained network (written)")
    command_line.path_option(parser, "history", "losses and accuracies by epoch (written)")


def run(training, arguments):
    """Trains one replicate from a program's arguments, and writes the model and the history.

    Args:
        training: a `Training`.
        arguments: the values of `training_options`.
    """
    identity = training.identity(arguments.data, arguments.threads, arguments.code)
    checkpoint = Checkpoint(arguments.model.with_name("checkpoint.pt"), identity)
    training.fit(checkpoint)
    training.write(arguments.model, arguments.history)
    checkpoint.remove()


def write_history(path, history):
    """Writes a `Training`'s history as CSV, one row an epoch."""
    content = io.StringIO()
    writer = csv.DictWriter(content, history[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(history)
    write_atomically(path, content.getvalue())
