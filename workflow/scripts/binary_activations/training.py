"""Training: one epoch of each task, and the loop around it that can be killed at any time."""

import csv
import io
import math
import time

import torch
import torch.nn.functional as F
from torch.nn.utils import clip_grad_norm_
from tqdm import tqdm

from binary_activations.episodes import sample_episodes
from binary_activations.errors import StudyError
from binary_activations.estimators import LearningSignal, score_function_loss
from binary_activations.files import write_atomically
from binary_activations.generators import generator
from binary_activations.matching import attend, losses_and_hits
from binary_activations.networks import NETWORKS, initialise
from binary_activations.slopes import slope_at


def new_network(dataset, variant, seed, device):
    """A network of one replicate, its weights drawn and its stochastic units set to draw.

    Args:
        dataset: `mnist` or `omniglot`.
        variant: its binary layers, as `networks` takes them.
        seed: the replicate's.
        device: where it lives.

    Returns:
        The network and the generator that its units draw from.
    """
    network = NETWORKS[dataset](variant)
    initialise(network, generator(seed, "weights"))
    network = network.to(device, memory_format=torch.channels_last)
    units = generator(seed, "units", device)
    network.set_generator(units)
    return network, units


def new_signal(settings, classes, device):
    """The score function's learning signal, centred at first on a guess's loss, log(classes).

    Args:
        settings: of the training; `reinforce.baseline_decay` where a score function is used.
        classes: that the network tells apart.
        device: where the losses are.

    Returns:
        A `LearningSignal`, or None where no score function is used.
    """
    if "reinforce" not in settings:
        return None
    return LearningSignal(math.log(classes), settings["reinforce"]["baseline_decay"], device)


def parameter_groups(network, settings):
    """The optimiser's parameter groups.

    Args:
        network: a `networks.ConvolutionalNetwork`.
        settings: `learning_rate`; and `reinforce.learning_rate` for the parameters that only a
            score function trains, where the network has any.
    """
    score = network.score_function_parameters()
    scored = {id(parameter) for parameter in score}
    ordinary = [p for p in network.parameters() if id(p) not in scored]
    groups = [{"params": ordinary, "lr": settings["learning_rate"]}]
    if score:
        groups.append({"params": score, "lr": settings["reinforce"]["learning_rate"]})
    return groups


def _progress(iterable, total, description):
    """A bar on a terminal, nothing elsewhere: logs get one line an epoch."""
    return tqdm(iterable, description, total, leave=False, disable=None)


def mnist_epoch(network, optimiser, images, batch_size, order, signal):
    """Train for one pass over the images, in an order drawn anew.

    Args:
        network: drawings to logits.
        optimiser: steps once a batch.
        images: a `datasets.LabelledImages`.
        batch_size: the last batch may be smaller.
        order: a CPU generator.
        signal: of the score function; used where the network has `reinforce` layers.

    Returns:
        The epoch's mean loss and accuracy (0 to 1) over the images as they were trained on.
    """
    network.train()
    device = images.labels.device
    totals = torch.zeros(2, dtype=torch.float64, device=device)
    batches = torch.randperm(len(images), generator=order).to(device).split(batch_size)
    for indices in _progress(batches, len(batches), "training"):
        labels = images.labels[indices]
        logits = network(images.inputs(indices))
        losses = F.cross_entropy(logits, labels, reduction="none")
        objective = losses.mean()
        if (log_probabilities := network.log_probability()) is not None:
            objective = objective + score_function_loss(signal(losses), log_probabilities)
            signal.update(losses)
        optimiser.zero_grad(set_to_none=True)
        objective.backward()
        optimiser.step()
        totals[0] += losses.detach().sum()
        totals[1] += (logits.detach().argmax(1) == labels).sum()
    return (totals / len(images)).tolist()


def omniglot_epoch(network, optimiser, characters, settings, order, signal):
    """Train for one epoch of episodes drawn anew.

    The states of every drawing of an episode bear on the loss of all its queries, so the score
    function takes the episode as one sample.

    Args:
        network: drawings to embeddings.
        optimiser: steps once an episode, the gradient's norm clipped.
        characters: a `datasets.Characters`.
        settings: `episodes_per_epoch`, `n_way`, `k_shot`, `queries`, `gradient_norm`.
        order: a CPU generator.
        signal: of the score function; used where the network has `reinforce` layers.

    Returns:
        The epoch's mean loss and accuracy (0 to 1) over the queries as they were trained on.
    """
    network.train()
    count, n_way, k_shot, queries = (
        settings[key] for key in ("episodes_per_epoch", "n_way", "k_shot", "queries")
    )
    episodes = sample_episodes(characters, count, n_way, k_shot, queries, order)
    totals = torch.zeros(2, dtype=torch.float64, device=characters.drawings.device)
    for number in _progress(range(count), count, "training"):
        drawings = [
            characters.inputs(*episodes.support(number, number + 1)),
            characters.inputs(*episodes.query(number, number + 1)),
        ]
        embeddings = network(torch.cat(drawings))
        support, query = embeddings.split([len(drawings[0]), len(drawings[1])])
        probabilities = attend(support.reshape(1, n_way, k_shot, -1), query.unsqueeze(0))
        losses, hits = losses_and_hits(probabilities, queries)
        objective = loss = losses.mean()
        if (log_probabilities := network.log_probability()) is not None:
            objective = objective + score_function_loss(signal(loss), log_probabilities.sum())
            signal.update(loss)
        optimiser.zero_grad(set_to_none=True)
        objective.backward()
        clip_grad_norm_(network.parameters(), settings["gradient_norm"])
        optimiser.step()
        totals[0] += loss.detach()
        totals[1] += hits.mean()
    return (totals / count).tolist()


def fit(network, stateful, slope, epochs, train_epoch, validate, checkpoint):
    """Train, keep the weights of the epoch with the lowest validation loss, survive kills.

    Args:
        network: a `networks.ConvolutionalNetwork`.
        stateful: by name, whatever else changes as training goes on and must be resumed: the
            optimiser, every generator, the learning signal (None without a score function).
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
        StudyError: where a loss is no longer finite; the last good checkpoint stays.
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
        if not (math.isfinite(training_loss) and math.isfinite(validation_loss)):
            raise StudyError(
                f"the loss is not finite in epoch {epoch + 1}/{epochs} (training "
                f"{training_loss}, validation {validation_loss}); lower the learning rate"
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
            weights = {name: value.clone() for name, value in network.state_dict().items()}
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
