"""Writes the page of a sweep over learning rates that is kept under version control."""

import os
from pathlib import Path

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.publication import commit, provenance_table


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(
        parser, "settings", "title, about, command, seeds, each data set's title and epochs"
    )
    command_line.path_option(parser, "tables", "a table for each data set, markdown", nargs="+")
    command_line.path_option(parser, "figures", "their figures, PNG", nargs="+")
    command_line.path_option(parser, "page", "the page, markdown (written)")
    command_line.path_option(parser, "pictures", "its pictures, PNG (written)", nargs="+")
    arguments = parser.parse_args()
    settings = arguments.settings
    provenance = provenance_table(
        {
            "code": commit(Path(__file__).parents[2]),
            "command": f"`{settings['command']}`",
            **{f"epochs, {one['title']}": one["epochs"] for one in settings["datasets"]},
            "seeds": ", ".join(map(str, settings["seeds"])),
        }
    )
    parts = [f"# {settings['title']}", "Written by `snakemake publish_sweep`.", provenance]
    if settings["about"]:
        parts.append(settings["about"].strip())
    for one, table, figure, picture in zip(
        settings["datasets"], arguments.tables, arguments.figures, arguments.pictures, strict=True
    ):
        picture.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(picture, figure.read_bytes())
        parts += [
            f"## {one['title']}",
            table.read_text(encoding="utf-8").strip(),
            f"![Validation accuracy]({os.path.relpath(picture, arguments.page.parent)})",
            "*Validation accuracy by learning rate. A ring marks the rate that is chosen.*",
        ]
    write_atomically(arguments.page, "\n\n".join(parts) + "\n")


if __name__ == "__main__":
    command_line.run(main)
