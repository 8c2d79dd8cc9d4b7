rule train_mnist:
    input:
        FILES.arrays("mnist"),
    output:
        model=FILES.replicate("mnist", "model.pt"),
        history=FILES.replicate("mnist", "history.csv"),
    log:
        paths.log_file(REPLICATES, "mnist/{variant}/seed{seed}/train"),
    benchmark:
        paths.benchmark_file(REPLICATES, "mnist/{variant}/seed{seed}/train")
    wildcard_constraints:
        variant=one_of(STUDY.variants["mnist"]),
    # The longest jobs start first, so that none runs alone at the end.
    priority: 2
    conda:
        ENVIRONMENT
    resources:
        **on_device(minutes=60),
    params:
        settings=lambda wildcards: canonical_json(
            STUDY.training_settings("mnist", wildcards.variant)
        ),
        program=program_path("train_classifier.py"),
        code=lambda wildcards: training_code("mnist", wildcards.variant),
    message:
        "Train MNIST, {wildcards.variant}, seed {wildcards.seed}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
        "--code {params.code:q} --threads {threads} --data {input:q} --model {output.model:q} "
        "--history {output.history:q} > {log:q} 2>&1"


rule evaluate_mnist:
    input:
        data=FILES.arrays("mnist"),
        model=FILES.replicate("mnist", "model.pt"),
    output:
        FILES.replicate("mnist", "metrics.json"),
    log:
        paths.log_file(REPLICATES, "mnist/{variant}/seed{seed}/evaluate"),
    benchmark:
        paths.benchmark_file(REPLICATES, "mnist/{variant}/seed{seed}/evaluate")
    wildcard_constraints:
        variant=one_of(STUDY.variants["mnist"]),
    conda:
        ENVIRONMENT
    resources:
        **on_device(minutes=15),
    params:
        **program("evaluate_classifier.py"),
        settings=canonical_json(STUDY.evaluation_settings("mnist")),
    message:
        "Test MNIST, {wildcards.variant}, seed {wildcards.seed}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
        "--threads {threads} --data {input.data:q} --model {input.model:q} "
        "--metrics {output:q} > {log:q} 2>&1"
