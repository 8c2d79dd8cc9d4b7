# Each data set has rules of its own, so that a profile can tell them apart: train_mnist,
# evaluate_mnist, pictures_mnist; train_omniglot and so on; train_characters and so on.

for DATASET, TASK in TASKS.items():

    rule:
        """One replicate: a network trained, and its history."""
        name:
            f"train_{DATASET}"
        input:
            FILES.arrays(DATASET),
        output:
            model=FILES.replicate(DATASET, "model.pt"),
            history=FILES.replicate(DATASET, "history.csv"),
        log:
            paths.log_file(REPLICATES, f"{DATASET}/{{variant}}/seed{{seed}}/train"),
        benchmark:
            paths.benchmark_file(REPLICATES, f"{DATASET}/{{variant}}/seed{{seed}}/train")
        wildcard_constraints:
            variant=one_of(STUDY.variants[DATASET]),
        # The longest jobs start first, so that none runs alone at the end.
        priority: 1 if TASK.kind == "few_shot" else 2
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **on_device(minutes=60),
        params:
            settings=lambda wildcards, dataset=DATASET: canonical_json(
                STUDY.training_settings(dataset, wildcards.variant)
            ),
            program=program_path(f"train_{TASK.kind}.py"),
            code=lambda wildcards, dataset=DATASET: training_code(dataset, wildcards.variant),
        message:
            f"Train {TASK.title}, {{wildcards.variant}}, seed {{wildcards.seed}}"
        shell:
            "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
            "--code {params.code:q} --threads {threads} --data {input:q} --model {output.model:q} "
            "--history {output.history:q} > {log:q} 2>&1"

    rule:
        """The test of one replicate."""
        name:
            f"evaluate_{DATASET}"
        input:
            data=FILES.arrays(DATASET),
            model=FILES.replicate(DATASET, "model.pt"),
        output:
            FILES.replicate(DATASET, "metrics.json"),
        log:
            paths.log_file(REPLICATES, f"{DATASET}/{{variant}}/seed{{seed}}/evaluate"),
        benchmark:
            paths.benchmark_file(REPLICATES, f"{DATASET}/{{variant}}/seed{{seed}}/evaluate")
        wildcard_constraints:
            variant=one_of(STUDY.variants[DATASET]),
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **on_device(minutes=15),
        params:
            **program(f"evaluate_{TASK.kind}.py"),
            settings=canonical_json(STUDY.evaluation_settings(DATASET)),
        message:
            f"Test {TASK.title}, {{wildcards.variant}}, seed {{wildcards.seed}}"
        shell:
            "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
            "--threads {threads} --data {input.data:q} --model {input.model:q} "
            "--metrics {output:q} > {log:q} 2>&1"

    rule:
        """The pictures of a variant's first replicate."""
        name:
            f"pictures_{DATASET}"
        input:
            data=FILES.arrays(DATASET),
            model=FILES.replicate(DATASET, "model.pt", seed=STUDY.seeds[0]),
        output:
            **pictures_of_variant(DATASET),
        log:
            paths.log_file(REPLICATES, f"{DATASET}/{{variant}}/pictures"),
        benchmark:
            paths.benchmark_file(REPLICATES, f"{DATASET}/{{variant}}/pictures")
        wildcard_constraints:
            variant=one_of(STUDY.variants[DATASET]),
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **PICTURES,
        params:
            **program(f"pictures_{TASK.kind}.py"),
            settings=lambda wildcards, dataset=DATASET: canonical_json(
                STUDY.picture_settings(dataset, wildcards.variant)
            ),
            outputs=lambda wildcards, output: [
                part for name, path in output.items() for part in (f"--{name}", path)
            ],
        message:
            f"Draw the pictures of {DATASET}, {{wildcards.variant}}"
        shell:
            "python {params.program:q} --settings {params.settings:q} --threads {threads} "
            "--data {input.data:q} --model {input.model:q} {params.outputs:q} > {log:q} 2>&1"


# Only where the configuration asks for it.
if STUDY.has_one_shot_runs("omniglot"):

    use rule evaluate_omniglot as evaluate_one_shot with:
        """The test of one replicate on the runs of the original one-shot task."""
        input:
            data=FILES.archives("one_shot_runs"),
            model=FILES.replicate("omniglot", "model.pt"),
        output:
            FILES.replicate("omniglot", "one_shot.json"),
        log:
            paths.log_file(REPLICATES, "omniglot/{variant}/seed{seed}/evaluate_one_shot"),
        benchmark:
            paths.benchmark_file(REPLICATES, "omniglot/{variant}/seed{seed}/evaluate_one_shot")
        params:
            **program("evaluate_one_shot.py"),
            settings=canonical_json(STUDY.device_settings()),
        message:
            "Test Omniglot, {wildcards.variant}, seed {wildcards.seed}, on the one-shot runs"
