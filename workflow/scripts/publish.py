"""Writes the page of results that is kept under version control, with its pictures."""

import os
from pathlib import Path

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.publication import (
    commit,
    machines,
    published_page,
    replicates_archive,
)


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "command, variants and seeds")
    command_line.path_option(parser, "summary", "the summary of the results")
    command_line.path_option(parser, "page", "the page, markdown (written)")
    command_line.path_option(parser, "pictures", "folder of its pictures (written)")
    command_line.path_option(parser, "archive", "metrics of its replicates, zip (written)")
    arguments = parser.parse_args()
    settings, results = arguments.settings, arguments.summary.parent
    replicates = (results / settings["replicates"], settings["datasets"])
    link = os.path.relpath(arguments.archive, arguments.page.parent)
    provenance = {
        "code": commit(Path(__file__).parents[2]),
        "command": f"`{settings['command']}`",
        "seeds": ", ".join(map(str, settings["datasets"][0]["seeds"])),
        "computed on": "; or ".join(machines(*replicates)),
        "replicates": f"[metrics and histories]({link})",
    }
    folder = os.path.relpath(arguments.pictures, arguments.page.parent)
    page, pictures = published_page(
        arguments.summary.read_text(encoding="utf-8"), provenance, folder
    )
    arguments.pictures.mkdir(parents=True, exist_ok=True)
    for name, path in pictures.items():
        write_atomically(arguments.pictures / name, (results / path).read_bytes())
    write_atomically(arguments.archive, replicates_archive(*replicates))
    write_atomically(arguments.page, page)


if __name__ == "__main__":
    command_line.run(main)
