LAYER_PICTURES = {
    "filters": "Filters",
    "activations": "Activations",
    "exciting": "Drawings that excite filters",
}


rule heatmap:
    input:
        data=f"{RESOURCES}/{{dataset}}.npz",
        model=f"{REPLICATES}/{{dataset}}/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        report(
            f"{REPLICATES}/{{dataset}}/{{variant}}/heatmap.png",
            caption="../workflow/report/heatmap.rst",
            category=report_category,
            subcategory="Heatmaps",
            labels={"variant": "{variant}"},
        ),
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
        report(
            f"{RESULTS}/{{dataset}}/curves.png",
            caption="../workflow/report/curves.rst",
            category="Results",
            labels=lambda wildcards: report_labels("Learning curves", wildcards),
        ),
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
        report(
            f"{RESULTS}/{{dataset}}/accuracy.png",
            caption="../workflow/report/accuracy.rst",
            category="Results",
            labels=lambda wildcards: report_labels("Accuracy", wildcards),
        ),
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


rule layers:
    input:
        data=f"{RESOURCES}/{{dataset}}.npz",
        model=f"{REPLICATES}/{{dataset}}/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        pictures=report(
            directory(f"{REPLICATES}/{{dataset}}/{{variant}}/layers"),
            patterns=["{picture}_{layer}.png"],
            caption="../workflow/report/layers.rst",
            category=report_category,
            subcategory=lambda wildcards: LAYER_PICTURES[wildcards.picture],
            labels={"variant": "{variant}", "layer": "{layer}"},
        ),
        firing=f"{REPLICATES}/{{dataset}}/{{variant}}/firing.csv",
    log:
        f"{REPLICATES}/logs/{{dataset}}/{{variant}}/layers.log",
    benchmark:
        f"{REPLICATES}/benchmarks/{{dataset}}/{{variant}}/layers.tsv"
    wildcard_constraints:
        variant=one_of([*VARIANTS["mnist"], *VARIANTS["omniglot"]]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=3000,
        runtime=15,
    params:
        settings=lambda wildcards: picture_settings(wildcards.dataset, wildcards.variant),
        program=program("layers.py"),
        code=code("layers.py"),
    message:
        "Draw the layers of {wildcards.dataset}, {wildcards.variant}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --threads {threads} "
        "--data {input.data:q} --model {input.model:q} --pictures {output.pictures:q} "
        "--firing {output.firing:q} > {log:q} 2>&1"


rule firing:
    input:
        lambda wildcards: of_variants(wildcards.dataset, "firing.csv"),
    output:
        report(
            f"{RESULTS}/{{dataset}}/firing.png",
            caption="../workflow/report/firing.rst",
            category="Results",
            labels=lambda wildcards: report_labels("Firing rates", wildcards),
        ),
    log:
        f"{RESULTS}/logs/{{dataset}}/firing.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{dataset}}/firing.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=lambda wildcards: firing_settings(wildcards.dataset),
        results=lambda wildcards, input: results_folder(input[0], "variant/file"),
        program=program("firing.py"),
        code=code("firing.py"),
    message:
        "Draw the firing rates of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--results {params.results:q} --picture {output:q} > {log:q} 2>&1"


rule confusion:
    input:
        lambda wildcards: metrics("mnist"),
    output:
        report(
            f"{RESULTS}/mnist/confusion.png",
            caption="../workflow/report/confusion.rst",
            category=config["mnist"]["title"],
            subcategory="Errors",
            labels={"variant": "all"},
        ),
    log:
        f"{RESULTS}/logs/mnist/confusion.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist/confusion.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=lambda wildcards: result_settings("mnist"),
        results=lambda wildcards, input: results_folder(input[0], "variant/seed/file"),
        program=program("confusion.py"),
        code=code("confusion.py"),
    message:
        "Draw the errors of mnist"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--results {params.results:q} --picture {output:q} > {log:q} 2>&1"


rule episode:
    input:
        data=f"{RESOURCES}/omniglot.npz",
        model=f"{REPLICATES}/omniglot/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        report(
            f"{REPLICATES}/omniglot/{{variant}}/episode.png",
            caption="../workflow/report/episode.rst",
            category=config["omniglot"]["title"],
            subcategory="Episodes",
            labels={"variant": "{variant}"},
        ),
    log:
        f"{REPLICATES}/logs/omniglot/{{variant}}/episode.log",
    benchmark:
        f"{REPLICATES}/benchmarks/omniglot/{{variant}}/episode.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["omniglot"]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=2000,
        runtime=15,
    params:
        settings=lambda wildcards: episode_settings(wildcards.variant),
        program=program("episode.py"),
        code=code("episode.py"),
    message:
        "Draw an episode of omniglot, {wildcards.variant}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --threads {threads} "
        "--data {input.data:q} --model {input.model:q} --picture {output:q} > {log:q} 2>&1"
