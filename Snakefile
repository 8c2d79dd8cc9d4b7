# What binary activations do to convolutional networks: the study's entry point.
#
#   snakemake --cores 4            everything, to results/summary.md
#   snakemake --cores 4 mnist      one data set; also: omniglot, characters, download
#   snakemake --cores 4 publish    everything, and docs/results.md from it
#   snakemake --report results/report.html    an HTML report of what has been made

from pathlib import Path

CONFIG = Path(workflow.current_basedir) / "config"


configfile: CONFIG / "config.yaml"
configfile: CONFIG / "archives.yaml"


include: "rules/common.smk"
include: "rules/data.smk"
include: "rules/trainings.smk"
include: "rules/figures.smk"
include: "rules/notebooks.smk"
include: "rules/tables.smk"
include: "rules/sweep.smk"


# The rule `front_page` writes this file, and a report begins with it.
report: Path(FILES.front_page).absolute()


localrules:
    all,
    mnist,
    omniglot,
    characters,
    download,
    publish,
    publish_sweep,
    sweep,


# Inputs are functions: a job on a cluster reads this file too, and need not list every replicate.
rule all:
    """Everything: tables, pictures, notebooks, results/summary.md."""
    default_target: True
    input:
        FILES.summary,
        FILES.front_page,
        lambda wildcards: [path for name in STUDY.datasets for path in FILES.targets(name)],
    message:
        f"Everything is made: {RESULTS}/summary.md"


rule mnist:
    """All of MNIST."""
    input:
        lambda wildcards: FILES.targets("mnist"),
    message:
        f"All of MNIST is made: {RESULTS}/tables/mnist.md"


rule omniglot:
    """All of Omniglot."""
    input:
        lambda wildcards: FILES.targets("omniglot"),
    message:
        f"All of Omniglot is made: {RESULTS}/tables/omniglot.md"


rule characters:
    """All of the classification of characters."""
    input:
        lambda wildcards: FILES.targets("characters"),
    message:
        f"All of Omniglot characters is made: {RESULTS}/tables/characters.md"


rule download:
    """The archives alone, downloaded and verified: for machines that lose their network."""
    input:
        FILES.needed_archives(),
    message:
        f"The archives are in {RESOURCES}"
