# A sweep over learning rates (config/sweep.yaml): validation accuracy at each, and the best.


rule sweep_table:
    """Validation accuracy by learning rate, and the rate that is chosen."""
    input:
        lambda wildcards: FILES.replicates(wildcards.dataset, "history.csv"),
    output:
        csv=FILES.picture("{dataset}", "sweep.csv"),
        markdown=FILES.picture("{dataset}", "sweep.md"),
    log:
        paths.log_file(RESULTS, "{dataset}/sweep_table"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/sweep_table")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("write_sweep.py"),
        settings=lambda wildcards: canonical_json(STUDY.sweep_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(
            input, FILES.replicates(wildcards.dataset, "history.csv")
        ),
    message:
        "Choose the learning rates of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--replicates {params.replicates:q} --csv {output.csv:q} "
        "--markdown {output.markdown:q} > {log:q} 2>&1"


rule sweep_figure:
    """Validation accuracy by learning rate, drawn."""
    input:
        FILES.picture("{dataset}", "sweep.csv"),
    output:
        FILES.picture("{dataset}", "sweep.png"),
        FILES.picture("{dataset}", "sweep.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/sweep_figure"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/sweep_figure")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("draw_sweep.py"),
        settings=lambda wildcards: canonical_json(STUDY.sweep_settings(wildcards.dataset)),
    message:
        "Draw the sweep of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --table {input:q} "
        "--picture {output:q} > {log:q} 2>&1"


rule sweep:
    """Of a configuration with a sweep: learning rates compared, one chosen for each variant."""
    input:
        lambda wildcards: FILES.sweep("sweep.md", "sweep.png"),
    message:
        "The learning rates are chosen: {input}"


rule publish_sweep:
    """The sweep's page in docs/."""
    input:
        tables=lambda wildcards: FILES.sweep("sweep.md"),
        figures=lambda wildcards: FILES.sweep("sweep.png"),
    output:
        page=f"docs/{STUDY.sweep_page}.md",
        pictures=[f"docs/images/{STUDY.sweep_page}/{dataset}.png" for dataset in STUDY.swept],
    log:
        paths.log_file(RESULTS, "publish_sweep"),
    benchmark:
        paths.benchmark_file(RESULTS, "publish_sweep")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("publish_sweep.py"),
        settings=lambda wildcards: canonical_json(
            STUDY.published_sweep_settings(command("publish_sweep"))
        ),
    message:
        "Publish the sweep in {output.page}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --tables {input.tables:q} "
        "--figures {input.figures:q} --page {output.page:q} --pictures {output.pictures:q} "
        "> {log:q} 2>&1"
