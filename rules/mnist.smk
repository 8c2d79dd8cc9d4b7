rule train_mnist:
    input:
        f"{RESOURCES}/mnist.npz",
    output:
        model=f"{REPLICATES}/mnist/{{variant}}/seed{{seed}}/model.pt",
        history=f"{REPLICATES}/mnist/{{variant}}/seed{{seed}}/history.csv",
    log:
        f"{REPLICATES}/logs/mnist/{{variant}}/seed{{seed}}/train.log",
    benchmark:
        f"{REPLICATES}/benchmarks/mnist/{{variant}}/seed{{seed}}/train.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["mnist"]),
    # The longest jobs first, so that none is left alone at the end.
    priority: 2
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **GPU,
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=lambda wildcards, attempt: 60 * attempt,
    params:
        settings=lambda wildcards: training_settings("mnist", wildcards.variant),
        program=program("train_mnist.py"),
        code=code("train_mnist.py"),
    message:
        "Train MNIST, {wildcards.variant}, seed {wildcards.seed}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
        "--threads {threads} --data {input:q} --model {output.model:q} "
        "--history {output.history:q} > {log:q} 2>&1"


rule evaluate_mnist:
    input:
        data=f"{RESOURCES}/mnist.npz",
        model=f"{REPLICATES}/mnist/{{variant}}/seed{{seed}}/model.pt",
    output:
        f"{REPLICATES}/mnist/{{variant}}/seed{{seed}}/metrics.json",
    log:
        f"{REPLICATES}/logs/mnist/{{variant}}/seed{{seed}}/evaluate.log",
    benchmark:
        f"{REPLICATES}/benchmarks/mnist/{{variant}}/seed{{seed}}/evaluate.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["mnist"]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **GPU,
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=lambda wildcards, attempt: 15 * attempt,
    params:
        settings=evaluation_settings("mnist"),
        program=program("evaluate_mnist.py"),
        code=code("evaluate_mnist.py"),
    message:
        "Test MNIST, {wildcards.variant}, seed {wildcards.seed}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --seed {wildcards.seed} "
        "--threads {threads} --data {input.data:q} --model {input.model:q} "
        "--metrics {output:q} > {log:q} 2>&1"
