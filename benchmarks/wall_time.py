"""Where the time of a finished study went, and what each program costs before it starts.

    python benchmarks/wall_time.py results

Sums Snakemake's benchmark files by kind of job, and times the imports that every job waits for (the
median of some fresh processes each). Prints tables in markdown.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

SCRIPTS = Path(__file__).resolve().parents[1] / "workflow/scripts"
STARTS = {
    "Python alone": "pass",
    "PyTorch": "import torch",
    "the compiled kernels, from their cache": (
        "from binary_activations.networks.convolutional import NormalisedPooling; import torch; "
        "NormalisedPooling(2)(torch.rand(2, 2, 4, 4))"
    ),
    "an optimiser of torch.optim": (
        "import torch; torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0)"
    ),
    "torchvision": "import torchvision",
    "matplotlib": "import matplotlib.pyplot",
    "Snakemake": "import snakemake.cli",
}


def jobs(folder):
    """Number of jobs, their seconds and their largest memory, by data set and kind of job."""
    rows = []
    for path in folder.rglob("*.tsv"):
        parts = path.relative_to(folder).with_suffix("").parts
        kind = "download" if "download" in parts else parts[-1]
        measured = pd.read_csv(path, sep="\t", na_values="-")
        rows.append((parts[0] if parts[1:] else "", kind, measured["s"][0], measured["max_rss"][0]))
    table = pd.DataFrame(rows, columns=["data set", "kind of job", "seconds", "memory"])
    groups = table.groupby(["data set", "kind of job"], as_index=False)
    result = groups.agg(jobs=("seconds", "size"), s=("seconds", "sum"), memory=("memory", "max"))
    result = result.sort_values("s", ascending=False)
    result["share (%)"] = (100 * result["s"] / result["s"].sum()).round(1)
    result[["s", "memory"]] = result[["s", "memory"]].round(0).astype("Int64")
    return result.rename(columns={"s": "time of all (s)", "memory": "largest memory (MB)"})


def starts(repeats):
    """Median seconds of a process that imports something."""
    rows = []
    for name, code in STARTS.items():
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
            seconds.append(time.perf_counter() - start)
        rows.append({"process": name, "time (s)": round(statistics.median(seconds), 1)})
    return pd.DataFrame(rows)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path, help="folder of a finished study")
    parser.add_argument("--repeats", type=int, default=5, help="processes of each kind of start")
    arguments = parser.parse_args()
    for table in (jobs(arguments.results / "benchmarks"), starts(arguments.repeats)):
        print(table.to_markdown(index=False, floatfmt=".1f"), end="\n\n")


if __name__ == "__main__":
    main()
