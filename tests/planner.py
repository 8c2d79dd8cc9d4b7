"""Snakemake loaded once, and forked for each plan: imports are three quarters of a dry run."""

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


class Planner:
    """A process that has loaded Snakemake."""

    def __init__(self):
        self.server = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, arguments, folder):
        """Runs Snakemake in a folder, forked from this process: its exit status and output."""
        with tempfile.NamedTemporaryFile("r") as output:
            request = {
                "arguments": arguments,
                "folder": str(folder),
                "environment": dict(os.environ),
                "output": output.name,
            }
            print(json.dumps(request), file=self.server.stdin, flush=True)
            return int(self.server.stdout.readline()), output.read()


@functools.cache
def planner():
    """Returns the planner of this process; it ends with it."""
    return Planner()


def _serve():
    import snakemake.cli

    snakemake.cli.get_argument_parser()  # loads the plugins
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(json.loads(line), snakemake.cli.main)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(request, main):
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    output = os.open(request["output"], os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    status = 1
    try:
        main(request["arguments"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    _serve()
