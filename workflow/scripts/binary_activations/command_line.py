"""What the programs share: a fast start, their argument parser, errors told in one line.

Programs import this module first. It turns garbage collection off until `run`. Importing PyTorch
makes half a million objects, none of them garbage, and searching them takes a third of a program's
start.
"""

import argparse
import gc
import json
import signal
import sys
from pathlib import Path

from binary_activations.errors import StudyError

gc.disable()


def parser(description):
    """Returns an argument parser whose `--help` shows the program's docstring, `description`."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def path_option(result, name, help_text, **more):
    """Adds a required option that takes one path, or several with `nargs="+"`."""
    result.add_argument(f"--{name}", type=Path, required=True, help=help_text, **more)


def picture_option(result):
    """Adds the option of a program that draws one figure, in one or several formats."""
    path_option(result, "picture", "the figure, PNG or SVG by its name (written)", nargs="+")


def json_option(result, name, help_text):
    """Adds a required option that takes a JSON value."""
    result.add_argument(f"--{name}", type=json.loads, required=True, help=f"{help_text}, JSON")


def replicate_options(result):
    """Adds the options of a program that trains or tests one replicate."""
    json_option(result, "settings", "what decides the result")
    result.add_argument("--seed", type=int, required=True, help="the replicate's seed")
    result.add_argument("--threads", type=int, default=1, help="processor threads")
    path_option(result, "data", "the prepared arrays")


def run(main):
    """Runs a program's main function. A `StudyError` or Ctrl-C ends it with one message."""
    gc.freeze()  # imported objects are never searched, not even at the end
    gc.enable()
    try:
        main()
    except StudyError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        print("interrupted; run again to go on", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)
