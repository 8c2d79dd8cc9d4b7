rule train_omniglot:
    input:
        f"{RESOURCES}/omniglot.npz",
    output:
        model=f"{REPLICATES}/omniglot/{{variant}}/seed{{seed}}/model.pt",
        history=f"{REPLICATES}/omniglot/{{variant}}/seed{{seed}}/history.csv",
    log:
        f"{REPLICATES}/logs/omniglot/{{variant}}/seed{{seed}}/train.log",
    benchmark:
        f"{REPLICATES}/benchmarks/omniglot/{{variant}}/seed{{seed}}/train.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["omniglot"]),
    # The longest jobs first, so that none is left alone at the end.
    priority: 1
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **GPU,
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=lambda wildcards, attempt: 60 * attempt,
    params:
        settings=lambda wildcards: training_settings("omniglot", wildcards.variant),
        program=program("train_omniglot.py"),
        code=code("train_omniglot.py"),
    message:
        "Train Omniglot, {wildcards.variant}, seed {wildcards.seed}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
        "--threads {threads} --data {input:q} --model {output.model:q} "
        "--history {output.history:q} > {log:q} 2>&1"


rule evaluate_omniglot:
    input:
        data=f"{RESOURCES}/omniglot.npz",
        model=f"{REPLICATES}/omniglot/{{variant}}/seed{{seed}}/model.pt",
    output:
        f"{REPLICATES}/omniglot/{{variant}}/seed{{seed}}/metrics.json",
    log:
        f"{REPLICATES}/logs/omniglot/{{variant}}/seed{{seed}}/evaluate.log",
    benchmark:
        f"{REPLICATES}/benchmarks/omniglot/{{variant}}/seed{{seed}}/evaluate.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["omniglot"]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **GPU,
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=lambda wildcards, attempt: 15 * attempt,
    params:
        settings=evaluation_settings("omniglot"),
        program=program("evaluate_omniglot.py"),
        code=code("evaluate_omniglot.py"),
    message:
        "Test Omniglot, {wildcards.variant}, seed {wildcards.seed}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
        "--threads {threads} --data {input.data:q} --model {input.model:q} "
        "--metrics {output:q} > {log:q} 2>&1"


# Where the runs of the original one-shot task are at hand.
if ONE_SHOT_RUNS:

    rule evaluate_one_shot:
        input:
            data=ancient(ONE_SHOT_RUNS),
            model=f"{REPLICATES}/omniglot/{{variant}}/seed{{seed}}/model.pt",
        output:
            f"{REPLICATES}/omniglot/{{variant}}/seed{{seed}}/one_shot.json",
        log:
            f"{REPLICATES}/logs/omniglot/{{variant}}/seed{{seed}}/evaluate_one_shot.log",
        benchmark:
            f"{REPLICATES}/benchmarks/omniglot/{{variant}}/seed{{seed}}/evaluate_one_shot.tsv"
        wildcard_constraints:
            variant=one_of(VARIANTS["omniglot"]),
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **GPU,
            mem_mb=lambda wildcards, attempt: 4000 * attempt,
            runtime=lambda wildcards, attempt: 15 * attempt,
        params:
            settings=configuration.canonical_json({"device": config["device"]}),
            runs=lambda wildcards, input: folder_digest(input.data),
            program=program("evaluate_one_shot.py"),
            code=code("evaluate_one_shot.py"),
        message:
            "Test Omniglot, {wildcards.variant}, seed {wildcards.seed}, on the one-shot runs"
        shell:
            "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
            "--threads {threads} --data {input.data:q} --model {input.model:q} "
            "--metrics {output:q} > {log:q} 2>&1"
