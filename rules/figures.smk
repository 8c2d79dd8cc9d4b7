rule heatmap:
    input:
        data=f"{RESOURCES}/{{dataset}}.npz",
        model=f"{REPLICATES}/{{dataset}}/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        f"{REPLICATES}/{{dataset}}/{{variant}}/heatmap.png",
    log:
        f"{REPLICATES}/logs/{{dataset}}/{{variant}}/heatmap.log",
    benchmark:
        f"{REPLICATES}/benchmarks/{{dataset}}/{{variant}}/heatmap.tsv"
    wildcard_constraints:
        variant=one_of([*VARIANTS["mnist"], *VARIANTS["omniglot"]]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=2000,
        runtime=15,
    params:
        settings=lambda wildcards: heatmap_settings(wildcards.dataset, wildcards.variant),
        program=program("heatmap.py"),
        code=code("heatmap.py"),
    message:
        "Draw the heatmaps of {wildcards.dataset}, {wildcards.variant}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --threads {threads} "
        "--data {input.data:q} --model {input.model:q} --picture {output:q} > {log:q} 2>&1"


rule curves:
    input:
        lambda wildcards: replicates(wildcards.dataset, "history.csv"),
    output:
        f"{RESULTS}/{{dataset}}/curves.png",
    log:
        f"{RESULTS}/logs/{{dataset}}/curves.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{dataset}}/curves.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=lambda wildcards: result_settings(wildcards.dataset),
        results=lambda wildcards, input: results_folder(input[0], "variant/seed/file"),
        program=program("curves.py"),
        code=code("curves.py"),
    message:
        "Draw the learning curves of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--results {params.results:q} --picture {output:q} > {log:q} 2>&1"


rule accuracy:
    input:
        metrics=lambda wildcards: metrics(wildcards.dataset),
        published=ancient(local(PUBLISHED)),
    output:
        f"{RESULTS}/{{dataset}}/accuracy.png",
    log:
        f"{RESULTS}/logs/{{dataset}}/accuracy.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{dataset}}/accuracy.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=lambda wildcards: result_settings(wildcards.dataset),
        results=lambda wildcards, input: results_folder(input[0], "variant/seed/file"),
        published=PUBLISHED_DIGEST,
        program=program("accuracy.py"),
        code=code("accuracy.py"),
    message:
        "Draw the accuracies of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --results {params.results:q} "
        "--picture {output:q} > {log:q} 2>&1"
