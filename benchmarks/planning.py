"""Measure what Snakemake itself costs in studies of many seeds: time and memory.

    python benchmarks/planning.py                      planning, at 100 to 10,000 trainings
    python benchmarks/planning.py --trainings 1000 --run
    python benchmarks/planning.py --trainings 1000 --run -- --scheduler ilp

With --run, every job is run as well, with a stand-in for the programs that only creates the files:
what remains is Snakemake's own time per job; then the finished study is planned once more. Works in
a temporary folder, two jobs at a time; what follows `--` goes to Snakemake. Prints a table in
markdown; times depend on the machine and on what else runs.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import yaml
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
VARIANTS = 18
ONE_TRAINING = "results/demo/mnist/no_binary/seed0/model.pt"
# Creates the files that follow these options.
STAND_IN = """\
#!/bin/sh
writes=
for argument; do
  case $argument in
    --archive|--archives)
      case $1 in *draw_*|*download*) writes=yes ;; *) writes= ;; esac ;;
    --model|--history)
      case $1 in *train_*) writes=yes ;; *) writes= ;; esac ;;
    --arrays|--metrics|--picture|--csv|--markdown|--summary) writes=yes ;;
    --*) writes= ;;
    *) [ -z "$writes" ] || echo "$argument" > "$argument" ;;
  esac
done
"""


def measured(folder, options, targets):
    """Seconds, processor seconds and peak memory (MB) of one run of Snakemake."""
    command = [
        *(sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile"),
        *("--directory", folder, "--quiet", "all", "--cores", "2", *options),
        *("--configfile", ROOT / "config/demo.yaml", folder / "seeds.yaml", "--", *targets),
    ]
    programs = folder / "programs"
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    with (folder / "snakemake.log").open("w") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "PATH": path}
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    if status:
        sys.exit((folder / "snakemake.log").read_text())
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sizes = "numbers of trainings; rounded up to whole seeds"
    parser.add_argument("--trainings", type=int, nargs="+", default=[100, 1000, 10000], help=sizes)
    parser.add_argument("--run", action="store_true", help="run the jobs too, with a stand-in")
    parser.add_argument("options", nargs="*", help="of Snakemake, after --")
    arguments = parser.parse_args()
    rows = []
    for trainings in tqdm(arguments.trainings, disable=None):
        seeds = math.ceil(trainings / VARIANTS)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "seeds.yaml").write_text(yaml.safe_dump({"seeds": list(range(seeds))}))
            (folder / "programs").mkdir()
            stand_in = folder / "programs" / "python"
            stand_in.write_text(STAND_IN)
            stand_in.chmod(0o755)
            plan = ["--dry-run"]
            steps = [("plan", plan, []), ("plan one training", plan, [ONE_TRAINING])]
            if arguments.run:
                steps += [("run", [], []), ("plan, all done", plan, [])]
            for step, options, targets in steps:
                figures = measured(folder, [*options, *arguments.options], targets)
                names = ("time (s)", "processor time (s)", "memory (MB)")
                figures = dict(zip(names, (round(figure, 1) for figure in figures), strict=True))
                rows.append({"trainings": seeds * VARIANTS, "step": step, **figures})
    print(pd.DataFrame(rows).to_markdown(index=False))


if __name__ == "__main__":
    main()
