"""Training: what both tasks share, and the loop over epochs that can be killed at any time."""

import csv
import io
import math
import time

import torch

from binary_activations.errors import StudyError
from binary_activations.files import write_atomically
from binary_activations.networks.convolutional import NETWORKS, initialise
from binary_activations.training.generators import generator
from binary_activations.training.slopes import slope_at


def new_network(dataset, variant, seed, device, precision="float32"):
    """A network of one replicate, its weights drawn and its stochastic units set to draw.

    Args:
        dataset: `mnist` or `omniglot`.
        variant: its binary layers, as `networks` takes them.
        seed: the replicate's.
        device: where it lives.
        precision: of its convolutions, as `convolutional.Convolution` has it.

    Returns:
        The network, with the generator that its units draw from.
    """
    network = NETWORKS[dataset](variant)
    initialise(network, generator(seed, "weights"))
    network = network.to(device, memory_format=torch.channels_last)
    network.set_precision(precision)
    network.set_generator(generator(seed, "units", device))
    return network


def parameter_groups(network, settings):
    """The optimiser's parameter groups.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        settings: `learning_rate`; and `reinforce.learning_rate` for the parameters that only a
            score function trains, where the network has any.
    """
    score = network.score_function_parameters()
    scored = {id(parameter) for parameter in score}
    ordinary = [p for p in network.parameters() if id(p) not in scored]
    groups = [{"params": ordinary, "lr": settings["learning_rate"]}]
    if score:
        groups.append({"params": score, "lr": settings["reinforce"]["learning_rate"]})
    return [group for group in groups if group["params"]]


def fit(network, stateful, slope, epochs, train_epoch, validate, checkpoint):
    """Train, keep the weights of the epoch with the lowest validation loss, survive kills.

    Args:
        network: a `convolutional.ConvolutionalNetwork`.
        stateful: by name, whatever else changes as training goes on and must be resumed: the
            optimiser, every generator, the score function (None without one).
        slope: the slope schedule (`slopes.slope_at`).
        epochs: how many.
        train_epoch: trains one epoch and returns its loss and accuracy.
        validate: returns the validation loss and accuracy.
        checkpoint: a `checkpoints.Checkpoint`, written after every epoch.

    Returns:
        The best epoch's state_dict, the slope that it was saved under, and the history: for each
        epoch a mapping with `epoch` (from 0), `slope`, `training_loss`, `training_accuracy`,
        `validation_loss`, `validation_accuracy` (losses in nats, accuracies from 0 to 1).

    Raises:
        StudyError: where a loss or a weight is no longer finite; the last good checkpoint stays.
    """
    history, best = [], None
    if state := checkpoint.load():
        network.load_state_dict(state["network"])
        for name, item in stateful.items():
            _set_state(item, state["stateful"][name])
        history, best = state["history"], state["best"]
        print(f"resuming after epoch {len(history)}/{epochs}", flush=True)
    started = time.monotonic()
    resumed = len(history)
    for epoch in range(resumed, epochs):
        epoch_started = time.monotonic()
        network.set_slope(slope_at(slope, epoch))
        training_loss, training_accuracy = train_epoch()
        validation_loss, validation_accuracy = validate()
        finite = all(value.isfinite().all() for value in network.state_dict().values())
        if not (finite and math.isfinite(training_loss) and math.isfinite(validation_loss)):
            raise StudyError(
                f"{checkpoint.path.parent}: the loss or a weight is not finite in epoch "
                f"{epoch + 1}/{epochs} (training loss {training_loss}, validation loss "
                f"{validation_loss}); lower the learning rate of this variant or data set"
            )
        history.append(
            {
                "epoch": epoch,
                "slope": slope_at(slope, epoch),
                "training_loss": training_loss,
                "training_accuracy": training_accuracy,
                "validation_loss": validation_loss,
                "validation_accuracy": validation_accuracy,
            }
        )
        if best is None or validation_loss < history[best["epoch"]]["validation_loss"]:
            weights = {
                name: value.to("cpu", copy=True) for name, value in network.state_dict().items()
            }
            best = {"epoch": epoch, "network": weights}
        checkpoint.save(
            {
                "network": network.state_dict(),
                "stateful": {name: _get_state(item) for name, item in stateful.items()},
                "history": history,
                "best": best,
            }
        )
        now = time.monotonic()
        left = (now - started) / (epoch + 1 - resumed) * (epochs - epoch - 1)
        print(
            f"epoch {epoch + 1:3d}/{epochs}  slope {slope_at(slope, epoch):.3f}  "
            f"training loss {training_loss:.4f} accuracy {100 * training_accuracy:6.2f} %  "
            f"validation loss {validation_loss:.4f} accuracy {100 * validation_accuracy:6.2f} %  "
            f"{now - epoch_started:6.1f} s  {left:6.0f} s left",
            flush=True,
        )
    return best["network"], slope_at(slope, best["epoch"]), history


def _get_state(item):
    if item is None:
        return None
    return item.get_state() if isinstance(item, torch.Generator) else item.state_dict()


def _set_state(item, state):
    if isinstance(item, torch.Generator):
        item.set_state(state.cpu())
    elif item is not None:
        item.load_state_dict(state)


def write_history(path, history):
    """Write a history (as `fit` returns it) as CSV, one row an epoch."""
    content = io.StringIO()
    writer = csv.DictWriter(content, history[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(history)
    write_atomically(path, content.getvalue())
