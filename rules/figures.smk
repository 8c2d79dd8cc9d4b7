rule pictures_mnist:
    input:
        data=f"{RESOURCES}/mnist.npz",
        model=f"{REPLICATES}/mnist/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        heatmap=heatmaps("mnist"),
        layers=layer_pictures("mnist"),
        firing=f"{REPLICATES}/mnist/{{variant}}/firing.csv",
    log:
        f"{REPLICATES}/logs/mnist/{{variant}}/pictures.log",
    benchmark:
        f"{REPLICATES}/benchmarks/mnist/{{variant}}/pictures.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["mnist"]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=3000,
        runtime=15,
    params:
        settings=lambda wildcards: shown_settings("mnist", wildcards.variant),
        more=[],
        program=program("pictures_mnist.py"),
        code=code("pictures_mnist.py"),
    message:
        "Draw the pictures of mnist, {wildcards.variant}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --threads {threads} "
        "--data {input.data:q} --model {input.model:q} --heatmap {output.heatmap:q} "
        "--layers {output.layers:q} --firing {output.firing:q} {params.more:q} > {log:q} 2>&1"


# The same pictures, and a test episode.
use rule pictures_mnist as pictures_omniglot with:
    input:
        data=f"{RESOURCES}/omniglot.npz",
        model=f"{REPLICATES}/omniglot/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        heatmap=heatmaps("omniglot"),
        layers=layer_pictures("omniglot"),
        firing=f"{REPLICATES}/omniglot/{{variant}}/firing.csv",
        episode=report(
            f"{REPLICATES}/omniglot/{{variant}}/episode.png",
            caption="../workflow/report/episode.rst",
            category=report_title("omniglot"),
            subcategory="Episodes",
            labels={"variant": "{variant}"},
        ),
    log:
        f"{REPLICATES}/logs/omniglot/{{variant}}/pictures.log",
    benchmark:
        f"{REPLICATES}/benchmarks/omniglot/{{variant}}/pictures.tsv"
    wildcard_constraints:
        variant=one_of(VARIANTS["omniglot"]),
    params:
        settings=lambda wildcards: shown_settings("omniglot", wildcards.variant),
        more=lambda wildcards, output: ["--episode", output.episode],
        program=program("pictures_omniglot.py"),
        code=code("pictures_omniglot.py"),
    message:
        "Draw the pictures of omniglot, {wildcards.variant}"


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
        program=program("draw_curves.py"),
        code=code("draw_curves.py"),
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
        program=program("draw_accuracy.py"),
        code=code("draw_accuracy.py"),
    message:
        "Draw the accuracies of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --results {params.results:q} "
        "--picture {output:q} > {log:q} 2>&1"


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
        program=program("draw_firing.py"),
        code=code("draw_firing.py"),
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
            category=report_title("mnist"),
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
        program=program("draw_confusion.py"),
        code=code("draw_confusion.py"),
    message:
        "Draw the errors of mnist"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--results {params.results:q} --picture {output:q} > {log:q} 2>&1"
