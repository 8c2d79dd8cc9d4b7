# One folder, with a picture for each layer.
rule heatmaps:
    """Heatmaps of all variants on the same drawings, a sheet for each layer."""
    input:
        data=lambda wildcards: FILES.arrays(wildcards.dataset),
        models=lambda wildcards: FILES.first_models(wildcards.dataset),
    output:
        in_report(
            directory(FILES.picture("{dataset}", "heatmaps")),
            "heatmaps",
            lambda wildcards: f"Heatmaps of {wildcards.layer}",
            patterns=["{layer}.png"],
        ),
    log:
        paths.log_file(RESULTS, "{dataset}/heatmaps"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/heatmaps")
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **PICTURES,
    params:
        **program("draw_heatmaps.py"),
        settings=lambda wildcards: canonical_json(STUDY.heatmap_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(
            input.models, FILES.first_models(wildcards.dataset)
        ),
    message:
        "Draw the heatmaps of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --threads {threads} "
        "--data {input.data:q} --replicates {params.replicates:q} --sheets {output:q} "
        "> {log:q} 2>&1"


rule curves:
    """Loss and accuracy over the epochs."""
    input:
        lambda wildcards: FILES.replicates(wildcards.dataset, "history.csv"),
    output:
        in_report(FILES.picture("{dataset}", "curves.png"), "curves", "Learning curves"),
        FILES.picture("{dataset}", "curves.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/curves"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/curves")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("draw_curves.py"),
        settings=lambda wildcards: canonical_json(STUDY.compared_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(
            input, FILES.replicates(wildcards.dataset, "history.csv")
        ),
    message:
        "Draw the learning curves of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--replicates {params.replicates:q} --picture {output:q} > {log:q} 2>&1"


rule accuracy:
    """Test accuracy of every variant."""
    input:
        metrics=lambda wildcards: FILES.metrics(wildcards.dataset),
        published=ancient(local(PUBLISHED)),
    output:
        in_report(FILES.picture("{dataset}", "accuracy.png"), "accuracy", "Accuracy"),
        FILES.picture("{dataset}", "accuracy.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/accuracy"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/accuracy")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("draw_accuracy.py"),
        settings=lambda wildcards: canonical_json(STUDY.result_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics(wildcards.dataset)),
        published=PUBLISHED_DIGEST,
    message:
        "Draw the accuracies of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --replicates {params.replicates:q} "
        "--picture {output:q} > {log:q} 2>&1"


rule draw_differences:
    """The differences between variants, drawn."""
    input:
        FILES.table("{dataset}", "_differences.csv"),
    output:
        in_report(
            FILES.picture("{dataset}", "differences.png"), "differences", "Differences, drawn"
        ),
        FILES.picture("{dataset}", "differences.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/draw_differences"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/draw_differences")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("draw_differences.py"),
        title=lambda wildcards: STUDY.result_settings(wildcards.dataset)["title"],
    message:
        "Draw the differences of {wildcards.dataset}"
    shell:
        "python {params.program:q} --table {input:q} --title {params.title:q} "
        "--picture {output:q} > {log:q} 2>&1"


# Only of a study that has all rows of the published one.
if STUDY.reproduced:

    rule reproduction:
        """The published figures, and this study's beside them."""
        input:
            metrics=lambda wildcards: FILES.metrics(*STUDY.reproduced),
            published=ancient(local(PUBLISHED)),
        output:
            report(
                FILES.reproduction[0],
                caption="../workflow/report/published.rst",
                category="All variants",
                labels={"result": "Beside the published figures", "data set": "all"},
            ),
            FILES.reproduction[1],
        log:
            paths.log_file(RESULTS, "reproduction"),
        benchmark:
            paths.benchmark_file(RESULTS, "reproduction")
        conda:
            ENVIRONMENT
        resources:
            **SMALL,
        params:
            **program("draw_published.py"),
            settings=canonical_json(STUDY.reproduction_settings()),
            replicates=lambda wildcards, input: folder_of(
                input.metrics, FILES.metrics(*STUDY.reproduced)
            ),
            published=PUBLISHED_DIGEST,
        message:
            "Draw the published figures beside this study's"
        shell:
            "python {params.program:q} --settings {params.settings:q} "
            "--published {input.published:q} --replicates {params.replicates:q} "
            "--picture {output:q} > {log:q} 2>&1"


use rule curves as firing with:
    """How often units fire."""
    input:
        lambda wildcards: FILES.variants(wildcards.dataset, "firing.csv"),
    output:
        in_report(FILES.picture("{dataset}", "firing.png"), "firing", "Firing rates"),
        FILES.picture("{dataset}", "firing.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/firing"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/firing")
    params:
        **program("draw_firing.py"),
        settings=lambda wildcards: canonical_json(STUDY.firing_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(
            input, FILES.variants(wildcards.dataset, "firing.csv")
        ),
    message:
        "Draw the firing rates of {wildcards.dataset}"


use rule firing as representations with:
    """How well the nearest neighbour tells classes apart, by layer."""
    input:
        lambda wildcards: FILES.variants(wildcards.dataset, "representations.csv"),
    output:
        in_report(
            FILES.picture("{dataset}", "representations.png"),
            "representations",
            "Nearest neighbours by layer",
        ),
        FILES.picture("{dataset}", "representations.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/representations"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/representations")
    params:
        **program("draw_representations.py"),
        settings=lambda wildcards: canonical_json(STUDY.firing_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(
            input, FILES.variants(wildcards.dataset, "representations.csv")
        ),
    message:
        "Draw the nearest neighbours by layer of {wildcards.dataset}"


use rule curves as widths with:
    """Accuracy against the channels of the layers."""
    input:
        lambda wildcards: FILES.metrics(wildcards.dataset),
    output:
        in_report(FILES.picture("{dataset}", "widths.png"), "widths", "Accuracy against width"),
        FILES.picture("{dataset}", "widths.svg"),
    log:
        paths.log_file(RESULTS, "{dataset}/widths"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/widths")
    params:
        **program("draw_widths.py"),
        settings=lambda wildcards: canonical_json(STUDY.compared_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics(wildcards.dataset)),
    message:
        "Draw accuracy against width of {wildcards.dataset}"


use rule curves as confusion with:
    """Which digits are taken for which."""
    input:
        lambda wildcards: FILES.metrics("mnist"),
    output:
        report(
            FILES.picture("mnist", "confusion.png"),
            caption="../workflow/report/confusion.rst",
            category=STUDY.title("mnist"),
            subcategory="Errors",
            labels={"variant": "all"},
        ),
        FILES.picture("mnist", "confusion.svg"),
    log:
        paths.log_file(RESULTS, "mnist/confusion"),
    benchmark:
        paths.benchmark_file(RESULTS, "mnist/confusion")
    params:
        **program("draw_confusion.py"),
        settings=lambda wildcards: canonical_json(STUDY.compared_settings("mnist")),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics("mnist")),
    message:
        "Draw the errors of mnist"
