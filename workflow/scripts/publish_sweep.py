"""Writes the page of a sweep over learning rates that is kept under version control."""

import os
import shutil
from pathlib import Path

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.publication import commit, provenance_table


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "title, configuration files, epochs and seeds")
    command_line.path_option(parser, "table", "the sweep's table, markdown")
    command_line.path_option(parser, "figure", "the sweep's figure, PNG")
    command_line.path_option(parser, "page", "the page, markdown (written)")
    command_line.path_option(parser, "picture", "its picture, PNG (written)")
    arguments = parser.parse_args()
    settings = arguments.settings
    provenance = provenance_table(
        {
            "code": commit(Path(__file__).parents[2]),
            "configuration": ", ".join(f"`{name}`" for name in settings["configuration"]),
            "epochs": settings["epochs"],
            "seeds": ", ".join(map(str, settings["seeds"])),
        }
    )
    arguments.picture.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(arguments.figure, arguments.picture)
    parts = [
        f"# Learning rates, {settings['title']}",
        "Written by `snakemake publish_sweep`.",
        provenance,
        arguments.table.read_text(encoding="utf-8").strip(),
        f"![Validation accuracy]({os.path.relpath(arguments.picture, arguments.page.parent)})",
    ]
    write_atomically(arguments.page, "\n\n".join(parts) + "\n")


if __name__ == "__main__":
    command_line.run(main)
