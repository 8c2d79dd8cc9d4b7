"""Measure the trainings against plain ones and against the machine's limit.

    make benchmark                                     on embedded data
    python benchmarks/training.py --data resources/official --page docs/performance.md
    python benchmarks/training.py --variants no_binary "*reinforce*"

Everything is measured in one run, turn by turn, so that a change in the machine's pace meets all
alike: each variant's training step in one job of one thread and in two at once, as the workflow
runs them; the same step as a tutorial writes it (benchmarks/plain.py), on two threads; and the
step's arithmetic at the rate of a large matrix product, followed by the memory traffic between
the convolutions. Prints tables in markdown: medians over the turns, and ratios with their lowest
and highest.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

import checkout
from binary_activations.data.datasets import load_images, load_omniglot
from binary_activations.data.episodes import sample_episodes
from binary_activations.study.study import Study
from binary_activations.training.classification import ClassificationTraining
from binary_activations.training.devices import set_up_device
from binary_activations.training.few_shot import FewShotTraining, evaluate_episodes
from binary_activations.training.fit import new_network
from binary_activations.training.generators import generator
from pages import write_between

STEPS = {"mnist": 50, "omniglot": 8, "test": 1000, "plain test": 60, "limit": 10}
PLAIN = {"mnist": "float32", "omniglot": "float64"}
# Samples, then for each convolution: inputs, outputs, kernel, height.
SHAPES = {
    "mnist": (64, [(1, 16, 5, 28), (16, 32, 5, 14)]),
    "omniglot": (80, [(1, 64, 3, 28), (64, 64, 3, 14), (64, 64, 3, 7), (64, 64, 3, 3)]),
}


def read_study():
    """Reads the study, without local expectations, which no plain training has."""
    config = checkout.read_config()
    section = config["mnist"]
    section["variants"] = {
        name: entry
        for name, entry in section["variants"].items()
        if entry.get("estimator") != "local_expectation"
    }
    return Study(config)


def output_values(dataset):
    """Values that all convolutions put out in a step."""
    samples, convolutions = SHAPES[dataset]
    return sum(samples * channels * height**2 for _, channels, _, height in convolutions)


def project_training(data, dataset, name, precision):
    """Returns a function that trains for a number of steps."""
    settings = read_study().training_settings(dataset, name) | {"precision": precision}
    if dataset == "omniglot":
        characters = load_omniglot(data / "omniglot.npz", "background")
        settings["validation"] = settings["validation"] | {"alphabets": 1}
        training = FewShotTraining(settings, 0, characters, "cpu")

        def train(episodes):
            training.episodes_per_epoch = episodes
            training.train_epoch()

        return train
    settings["training"]["validation_images"] = 1
    images = load_images(data / "mnist.npz", "train")
    training = ClassificationTraining(settings, 0, images, "cpu")
    batch = settings["training"]["batch_size"]

    def train(steps):
        training.images = images.subset(torch.arange(steps * batch) % len(images))
        training.train_epoch()

    return train


def project_test(data):
    """Returns a function that tests a matching network on a number of episodes."""
    characters = load_omniglot(data / "omniglot.npz", "evaluation")
    network = new_network("omniglot", {"layers": []}, 0, "cpu")
    return lambda count: evaluate_episodes(
        network, characters, sample_episodes(characters, count, 5, 1, 1, generator(0, "test"))
    )


def plain_training(data, dataset, name):
    """Returns the same function as a tutorial writes it."""
    import plain

    settings = read_study().training_settings(dataset, name)
    if dataset == "omniglot":
        characters = load_omniglot(data / "omniglot.npz", "background")
        return plain.Matching(settings["units"], characters).train
    images = load_images(data / "mnist.npz", "train")
    batch = settings["training"]["batch_size"]
    return plain.Classification(settings["units"], images, batch).train


def plain_test(data):
    """Returns the same function as a tutorial writes it."""
    import plain

    return plain.Matching({"layers": []}, load_omniglot(data / "omniglot.npz", "evaluation")).test


def products(_data, dataset):
    """Returns a function that does a step's arithmetic as matrix products of the same shapes."""
    samples, convolutions = SHAPES[dataset]
    shapes = []
    for inputs, outputs, kernel, height in convolutions:
        pixels, taps = samples * height**2, kernel**2
        shapes += [(pixels, inputs * taps, outputs), (inputs * taps, pixels, outputs)]
        if inputs > 1:
            shapes.append((pixels, outputs * taps, inputs))
    if dataset == "mnist":
        shapes += [(64, 1568, 10), (10, 64, 1568), (64, 10, 1568)]
    factors = [(torch.rand(m, k), torch.rand(k, n), torch.empty(m, n)) for m, k, n in shapes]

    def multiply(steps):
        for _ in range(steps):
            for a, b, c in factors:
                torch.mm(a, b, out=c)

    return multiply


def square_product(_data):
    """Returns a function that multiplies matrices of 1,024 x 1,024."""
    a, b, c = torch.rand(3, 1024, 1024).unbind()
    return lambda steps: [torch.mm(a, b, out=c) for _ in range(steps)]


def copying(_data, dataset):
    """Returns a function that copies as much as all convolutions put out."""
    source, target = torch.rand(2, output_values(dataset)).unbind()
    return lambda steps: [target.copy_(source) for _ in range(steps)]


TASKS = {
    "project": project_training,
    "project test": project_test,
    "plain": plain_training,
    "plain test": plain_test,
    "products": products,
    "square": square_product,
    "copy": copying,
}


def arithmetic(dataset):
    """Operations of a training step's products."""
    samples, convolutions = SHAPES[dataset]
    total = 3 * 2 * 64 * 1568 * 10 if dataset == "mnist" else 0
    for inputs, outputs, kernel, height in convolutions:
        product = 2 * samples * height**2 * inputs * outputs * kernel**2
        total += product * (3 if inputs > 1 else 2)
    return total


def traffic(dataset):
    """Bytes that a training step moves between its convolutions, all else done in passing.

    A convolution's output is written, read by what follows, replaced by its gradient, and that
    read for the weights' and the input's gradients; a layer's output, a quarter of it, is written,
    read by the next layer and for its weights' gradient, and its gradient written and read.
    """
    samples, convolutions = SHAPES[dataset]
    total = 0
    for inputs, outputs, _kernel, height in convolutions:
        passes = (6 if inputs > 1 else 5) + 5 / 4
        total += 4 * samples * outputs * height**2 * passes
    return total


def work(connection, threads, data):
    """Serves the parent: receives a task and a number of steps, and sends back seconds per step, or
    None the first time, which is slower."""
    if threads == 1:
        set_up_device("cpu", 1)
    else:
        torch.set_num_threads(threads)
    functions = {}
    while (message := connection.recv()) is not None:
        task, steps = message
        if new := task not in functions:
            functions[task] = TASKS[task[0]](data, *task[1:])
        start = time.perf_counter()
        functions[task](steps)
        connection.send(None if new else (time.perf_counter() - start) / steps)


def measure(workers, task, steps):
    """Mean seconds per step of a task in all the workers at once."""
    while True:
        for worker in workers:
            worker.send((task, steps))
        seconds = [worker.recv() for worker in workers]
        if None not in seconds:
            return statistics.mean(seconds)


def measurements(names, most, precisions):
    """What is measured in a turn, `most` steps at most: by key, the workers (`one`, `two` or
    `plain`), the task and the steps."""
    count = {what: min(steps, most) for what, steps in STEPS.items()}
    result = {}
    for dataset, dataset_names in names.items():
        for name in dataset_names:
            steps = count[dataset]
            for precision in precisions:
                task = ("project", dataset, name, precision)
                result[(*task, "alone")] = ("one", task, steps)
                result[(*task, "two")] = ("two", task, steps)
            result["plain", dataset, name] = ("plain", ("plain", dataset, name), steps)
        for task in ("products", "copy"):
            result[task, dataset] = ("two", (task, dataset), count["limit"])
    result["square"] = ("two", ("square",), count["limit"])
    if "omniglot" in names:
        result["test"] = ("two", ("project test",), count["test"])
        result["plain test"] = ("plain", ("plain test",), count["plain test"])
    return result


def measure_turns(workers, planned, turns, minutes):
    """Measures everything, turn by turn, as often as fits: a line for each measurement, and a bar
    where there is a terminal.

    Args:
        workers: by name, the connections to processes.
        planned: as `measurements` returns it.
        turns: how often at most.
        minutes: after which no turn begins that would not end before they are over.

    Returns:
        For each turn, a mapping from key to seconds.
    """
    results, start = [], time.monotonic()
    with tqdm(total=turns * len(planned), disable=None, unit="measurement") as bar:
        for number in range(1, turns + 1):
            seconds, turn_start = {}, time.monotonic()
            for key, (who, task, steps) in planned.items():
                seconds[key] = measure(workers[who], task, steps)
                bar.update()
                label = key if isinstance(key, str) else " ".join(key)
                line = f"turn {number}/{turns}  {label:70} {1000 * seconds[key]:9.2f} ms a step"
                bar.write(line, file=sys.stderr)
            results.append(seconds)
            now = time.monotonic()
            if now - start + (now - turn_start) > 60 * minutes and number < turns:
                bar.write(f"{number} of {turns} turns fit in {minutes:g} min", file=sys.stderr)
                break
    return results


def has_bfloat16():
    """Tells whether the processor multiplies in bfloat16; elsewhere PyTorch emulates it, slowly."""
    return torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()


def spread(turns, ratio):
    """Median, lowest and highest of a ratio over the turns."""
    values = [ratio(seconds) for seconds in turns]
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def milliseconds(turns, key):
    """Median milliseconds."""
    return f"{1000 * statistics.median(seconds[key] for seconds in turns):.1f}"


def arithmetic_limit(seconds, dataset):
    """Seconds of a step's products at the rate of a large square one."""
    return arithmetic(dataset) / (2 * 1024**3 / seconds["square"])


def traffic_limit(seconds, dataset):
    """Seconds of a step's traffic at the copy's bandwidth."""
    return traffic(dataset) / (2 * 4 * output_values(dataset) / seconds["copy", dataset])


def limit(seconds, dataset):
    """Seconds of a step at the limit."""
    return arithmetic_limit(seconds, dataset) + traffic_limit(seconds, dataset)


def training_table(turns, dataset, names, precisions):
    """Times and ratios of each variant."""
    rows, reference = [], "no_binary" if "no_binary" in names else names[0]
    for name in names:

        def key(precision, jobs, name=name):
            return ("project", dataset, name, precision, jobs)

        def faster(precision, name=name, key=key):
            two = key(precision, "two")
            return spread(turns, lambda s: 2 * s["plain", dataset, name] / s[two])

        first = ("project", dataset, reference, "float32", "two")
        two, plain = key("float32", "two"), ("plain", dataset, name)
        row = {
            "variant": name,
            f"plain, {PLAIN[dataset]}, 2 threads (ms)": milliseconds(turns, plain),
            "one job (ms)": milliseconds(turns, key("float32", "alone")),
            "each of two (ms)": milliseconds(turns, two),
            "throughput / plain": faster("float32"),
            f"time / {reference}": spread(turns, lambda s, t=two, f=first: s[t] / s[f]),
            "time / limit": spread(turns, lambda s, t=two: s[t] / limit(s, dataset)),
        }
        if "bfloat16" in precisions:
            row["bfloat16: each of two (ms)"] = milliseconds(turns, key("bfloat16", "two"))
            row["bfloat16: throughput / plain"] = faster("bfloat16")
        rows.append(row)
    return pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)


def limit_table(turns, datasets):
    """What the limit of each data set is made of."""

    def median(function, dataset):
        return f"{1000 * statistics.median(function(s, dataset) for s in turns):.1f}"

    rows = [
        {
            "step of": dataset,
            "operations (GFLOP)": f"{arithmetic(dataset) / 1e9:.2f}",
            "at the rate of a 1,024 x 1,024 product (ms)": median(arithmetic_limit, dataset),
            "traffic (MB)": f"{traffic(dataset) / 1e6:.0f}",
            "at the bandwidth of a copy (ms)": median(traffic_limit, dataset),
            "limit (ms)": median(limit, dataset),
            "as products of its own shapes (ms)": milliseconds(turns, ("products", dataset)),
        }
        for dataset in datasets
    ]
    return pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)


def chosen_variants(patterns):
    """By data set, the study's variants that one of the patterns names."""
    table = {dataset: list(rows) for dataset, rows in read_study().variants.items()}
    every = [name for names in table.values() for name in names]
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in every):
            raise SystemExit(f"--variants: none is named {pattern}; of {every}")
    chosen = {
        dataset: [name for name in names if any(fnmatchcase(name, each) for each in patterns)]
        for dataset, names in table.items()
    }
    return {dataset: names for dataset, names in chosen.items() if names}


def report(turns, names, precisions, tested):
    """Returns the tables of what was measured, in markdown."""
    parts = []
    if "mnist" in names:
        parts.append("A training step of 64 images:")
        parts.append(training_table(turns, "mnist", names["mnist"], precisions))
    if "omniglot" in names:
        parts.append(
            "A training episode of 80 drawings (the plain way in double precision, as published):"
        )
        parts.append(training_table(turns, "omniglot", names["omniglot"], precisions))
        tests = spread(turns, lambda s: 2 * s["plain test"] / s["test"])
        parts.append(
            "Testing the matching network, for each episode: "
            f"{milliseconds(turns, 'plain test')} ms the plain way on two threads, "
            f"{milliseconds(turns, 'test')} ms in each of two jobs ({tested} episodes, each "
            f"drawing embedded once): throughput / plain {tests}."
        )
    if "bfloat16" not in precisions:
        parts.append("bfloat16 was left out: this processor has no instructions for it.")
    parts.append("The limit, in each of two processes at once:")
    parts.append(limit_table(turns, names))
    return "\n\n".join(parts)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data = checkout.ROOT / "resources/embedded"
    parser.add_argument("--data", type=Path, default=data, help="folder of the prepared arrays")
    parser.add_argument(
        "--variants",
        nargs="+",
        default=["*"],
        metavar="NAME",
        help="which variants are measured; * and ? stand for any letters (default: all)",
    )
    parser.add_argument("--turns", type=int, default=5, help="how often all is measured, at most")
    parser.add_argument(
        "--minutes", type=float, default=8, help="no turn begins that would take longer in all"
    )
    parser.add_argument("--steps", type=int, default=1000, help="steps of a measurement, at most")
    parser.add_argument("--page", type=Path, help="page whose measured part is replaced")
    arguments = parser.parse_args()
    names = chosen_variants(arguments.variants)
    for dataset in names:
        if not (arguments.data / f"{dataset}.npz").is_file():
            raise SystemExit(f"{arguments.data / dataset}.npz: missing; `make benchmark` makes it")
    precisions = ["float32", *(["bfloat16"] if has_bfloat16() else [])]
    if len(precisions) == 1:
        print("bfloat16 is left out: the processor has no instructions for it", file=sys.stderr)
    context = multiprocessing.get_context("spawn")
    workers = []
    for threads in (1, 1, 2):
        ours, theirs = context.Pipe()
        context.Process(target=work, args=(theirs, threads, arguments.data), daemon=True).start()
        workers.append(ours)
    by_name = {"one": workers[:1], "two": workers[:2], "plain": workers[2:]}
    planned = measurements(names, arguments.steps, precisions)
    turns = measure_turns(by_name, planned, arguments.turns, arguments.minutes)
    for worker in workers:
        worker.send(None)
    text = report(turns, names, precisions, min(STEPS["test"], arguments.steps))
    print(text)
    if arguments.page:
        write_between(arguments.page, "measured", text)


if __name__ == "__main__":
    main()
