"""The page of results under version control: the summary, with its provenance."""

import io
import itertools
import json
import re
import subprocess
import zipfile
from pathlib import Path

from binary_activations.study.paths import replicate_file
from binary_activations.study.tasks import ONE_SHOT_TASK

SOURCES = ("rules", "workflow", "config")
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def commit(root):
    """Returns the commit of a checkout and whether its code or configuration differs from it; None
    where git knows none."""
    try:
        name = _git(root, "rev-parse", "--short=12", "HEAD")
        changes = _git(root, "status", "--porcelain", "--", "Snakefile", *SOURCES)
    except (OSError, subprocess.CalledProcessError):
        return None
    return name + (", with changes that are not committed" if changes else "")


def _git(root, *arguments):
    command = ["git", *arguments]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def machines(replicates, datasets):
    """Lists the machines that networks were tested on, each once.

    Args:
        replicates: their folder.
        datasets: each data set's `Study.result_settings`.
    """
    found = {}
    for path in _files(replicates, datasets):
        if path.name == "metrics.json":
            found[json.loads(path.read_text(encoding="utf-8"))["machine"]] = None
    return list(found)


def replicates_archive(replicates, datasets):
    """Packs the test metrics and the history of every replicate, from which all tables follow.

    Args:
        replicates: their folder.
        datasets: each data set's `Study.result_settings`.

    Returns:
        The bytes of a zip archive, with the paths below that folder. The same files give the same
        bytes.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in _files(replicates, datasets):
            entry = zipfile.ZipInfo(path.relative_to(replicates).as_posix())  # without a date
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _files(replicates, datasets):
    """Yields the metrics and the history of every replicate."""
    for settings in datasets:
        names = ["metrics.json", "history.csv"]
        names += ["one_shot.json"] * (ONE_SHOT_TASK in settings.get("tasks", []))
        for variant, seed in itertools.product(settings["variants"], settings["seeds"]):
            for name in names:
                place = (replicates, settings["dataset"], variant["name"], seed, name)
                yield Path(replicate_file(*place))


def published_page(summary, provenance, pictures):
    """Returns the summary with its pictures in another folder.

    Args:
        summary: its markdown text, with a title in the first line.
        provenance: by name, what to say of where the results come from.
        pictures: folder of the page's pictures, as seen from the page.

    Returns:
        The page; and by name in that folder, the path of each picture as the summary has it.
        What is folded with pictures of another study (`../`) is left out.
    """
    copies = {}

    def moved(match):
        caption, path = match.groups()
        name = path.replace("/", "_")
        copies[name] = path
        return f"![{caption}]({pictures}/{name})"

    own = FOLDED.sub(lambda match: "" if "](../" in match[0] else match[0], summary)
    text = re.sub(r"\n{3,}", "\n\n", PICTURE.sub(moved, own))
    title, rest = text.split("\n", 1)
    table = provenance_table(provenance)
    return f"{title}\n\nWritten by `snakemake publish`.\n\n{table}\n{rest}", copies


def provenance_table(provenance):
    """Returns a markdown table of where results come from; what is not known is left out."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in provenance.items() if value)
    return f"| | |\n|---|---|\n{rows}"
