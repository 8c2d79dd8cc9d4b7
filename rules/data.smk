# Archives come from a mirror or the official sources, or are drawn here (data.origin: embedded).
# The same rules make arrays of both.

if config["data"]["origin"] == "official":

    localrules:
        download_mnist,
        download_omniglot,
        download_one_shot_runs,

    rule download_mnist:
        """One archive of MNIST, downloaded and verified."""
        output:
            f"{RESOURCES}/{{archive}}",
        log:
            paths.log_file(REPLICATES, "mnist/download/{archive}"),
        benchmark:
            paths.benchmark_file(REPLICATES, "mnist/download/{archive}")
        wildcard_constraints:
            archive=one_of(STUDY.archives("mnist")),
        conda:
            ENVIRONMENT
        resources:
            mem_mb=1000,
            runtime=60,
        params:
            program=program_path("download.py"),
            expected=lambda wildcards: canonical_json(
                STUDY.expected_digests("mnist")[wildcards.archive]
            ),
            # Snakemake does not track a param whose function takes `threads`, so a new mirror
            # re-runs nothing.
            sources=lambda wildcards, threads: STUDY.sources("mnist"),
        message:
            "Download {wildcards.archive} of MNIST"
        shell:
            "python {params.program:q} --expected {params.expected:q} "
            "--sources {params.sources:q} --archive {output:q} > {log:q} 2>&1"

    use rule download_mnist as download_omniglot with:
        """One archive of Omniglot, downloaded and verified."""
        log:
            paths.log_file(REPLICATES, "omniglot/download/{archive}"),
        benchmark:
            paths.benchmark_file(REPLICATES, "omniglot/download/{archive}")
        wildcard_constraints:
            archive=one_of(STUDY.archives("omniglot")),
        params:
            program=program_path("download.py"),
            expected=lambda wildcards: canonical_json(
                STUDY.expected_digests("omniglot")[wildcards.archive]
            ),
            sources=lambda wildcards, threads: STUDY.sources("omniglot"),
        message:
            "Download {wildcards.archive} of Omniglot"

    use rule download_omniglot as download_one_shot_runs with:
        """The runs of the original one-shot task, downloaded and verified."""
        wildcard_constraints:
            archive=one_of(STUDY.archives("one_shot_runs")),
        params:
            program=program_path("download.py"),
            expected=lambda wildcards: canonical_json(
                STUDY.expected_digests("one_shot_runs")[wildcards.archive]
            ),
            sources=lambda wildcards, threads: STUDY.sources("one_shot_runs"),

else:

    rule draw_digits:
        """Digits drawn from fonts, in MNIST's format."""
        output:
            FILES.archives("mnist"),
        log:
            paths.log_file(REPLICATES, "mnist/draw"),
        benchmark:
            paths.benchmark_file(REPLICATES, "mnist/draw")
        conda:
            ENVIRONMENT
        resources:
            **DATA,
        params:
            **program("draw_digits.py"),
        message:
            "Draw digits from fonts"
        shell:
            "python {params.program:q} --archives {output:q} > {log:q} 2>&1"

    use rule draw_digits as draw_alphabets with:
        """Alphabets drawn from fonts, in Omniglot's format."""
        output:
            FILES.archives("omniglot"),
        log:
            paths.log_file(REPLICATES, "omniglot/draw"),
        benchmark:
            paths.benchmark_file(REPLICATES, "omniglot/draw")
        params:
            **program("draw_alphabets.py"),
        message:
            "Draw alphabets from fonts"


for DATASET, TASK in TASKS.items():

    rule:
        """The arrays of a data set."""
        name:
            f"prepare_{DATASET}"
        input:
            FILES.archives(TASK.archives),
        output:
            FILES.arrays(DATASET),
        log:
            paths.log_file(REPLICATES, f"{DATASET}/prepare"),
        benchmark:
            paths.benchmark_file(REPLICATES, f"{DATASET}/prepare")
        conda:
            ENVIRONMENT
        resources:
            **DATA,
        params:
            **program("prepare.py"),
            dataset=DATASET,
            expected=canonical_json(STUDY.expected_digests(TASK.archives)),
        message:
            f"Prepare the {TASK.title} arrays"
        shell:
            "python {params.program:q} --dataset {params.dataset} --expected {params.expected:q} "
            "--archives {input:q} --arrays {output:q} > {log:q} 2>&1"
