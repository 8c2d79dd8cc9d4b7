"""Training steps one after the other; on a GPU as replays of one CUDA graph.

A step of these networks is some hundred small kernels, each of which takes a GPU less time than
the processor needs to launch it. A graph launches them all at once.
"""

import functools

import torch
from tqdm import tqdm

WARM_UP = 3  # steps before the capture, as PyTorch's notes on CUDA graphs advise


def progress(iterable):
    """Shows a bar on a terminal; logs get one line per epoch."""
    return tqdm(iterable, "training", leave=False, disable=None)


def backpropagate(objective, estimates):
    """Runs one backward pass from the objective and from the estimates of binary layers.

    Args:
        objective: a scalar.
        estimates: pairs of tensors and their gradients (`GradientEstimator.gradients`).

    Returns:
        Whether anything depends on a parameter (not so where `none` units are the last layer
        and no weights lie above).
    """
    roots = [pair for pair in [(objective, None), *estimates] if pair[0].requires_grad]
    if roots:
        tensors, gradients = zip(*roots, strict=True)
        torch.autograd.backward(tensors, gradients)
    return bool(roots)


def run_steps(step, batches, generator):
    """Calls step(*batch) for every batch, in order.

    On a GPU the first steps are called, and the others replay a graph of the step. A step must work
    on tensors in place and must not read their values. All else that it depends on, such as the
    slope, must not change before this function returns.

    Args:
        step: function of a batch's tensors.
        batches: list of tuples of tensors; those of another shape than the first are not replayed.
        generator: that the step draws from, on the tensors' device.
    """
    if batches[0][0].device.type == "cuda":
        stream = _stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            _run_replayed(step, batches, generator, _capture)
        torch.cuda.current_stream().wait_stream(stream)
    else:
        for batch in progress(batches):
            step(*batch)


def _run_replayed(step, batches, generator, capture):
    replay = None
    for number, batch in enumerate(progress(batches)):
        alike = all(map(_same_shape, batch, batches[0]))
        if number < WARM_UP or not alike:
            step(*batch)
            continue
        if replay is None:
            inputs = [tensor.clone() for tensor in batch]
            replay = capture(step, inputs, generator)
        for tensor, value in zip(inputs, batch, strict=True):
            tensor.copy_(value)
        replay()


@functools.cache
def _stream():
    """Returns one stream for the whole training, since every stream keeps its own memory."""
    return torch.cuda.Stream()


def _same_shape(one, other):
    return one.shape == other.shape


def _capture(step, inputs, generator):
    """Captures step(*inputs) as a graph, and returns a function that replays it."""
    graph = torch.cuda.CUDAGraph()
    if torch.__version__ < (2, 14):  # newer versions find the generator themselves
        graph.register_generator_state(generator)
    torch.cuda.synchronize()
    with torch.cuda.graph(graph, stream=torch.cuda.current_stream()):
        step(*inputs)
    return graph.replay
