rule table:
    """The results of a data set, beside the published figures."""
    input:
        metrics=lambda wildcards: FILES.metrics(wildcards.dataset),
        published=ancient(local(PUBLISHED)),
    output:
        csv=FILES.table("{dataset}", ".csv"),
        markdown=FILES.table("{dataset}", ".md"),
    log:
        paths.log_file(RESULTS, "{dataset}/table"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/table")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("write_table.py"),
        settings=lambda wildcards: canonical_json(STUDY.result_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics(wildcards.dataset)),
        published=PUBLISHED_DIGEST,
    message:
        "Tabulate the results of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --replicates {params.replicates:q} "
        "--csv {output.csv:q} --markdown {output.markdown:q} > {log:q} 2>&1"


rule differences:
    """The differences between variants, with intervals and p values."""
    input:
        lambda wildcards: FILES.metrics(wildcards.dataset),
    output:
        csv=FILES.table("{dataset}", "_differences.csv"),
        markdown=FILES.table("{dataset}", "_differences.md"),
    log:
        paths.log_file(RESULTS, "{dataset}/differences"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/differences")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("write_differences.py"),
        settings=lambda wildcards: canonical_json(STUDY.compared_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics(wildcards.dataset)),
    message:
        "Compare the variants of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--replicates {params.replicates:q} --csv {output.csv:q} "
        "--markdown {output.markdown:q} > {log:q} 2>&1"


use rule differences as evaluations with:
    """Networks with stochastic units, tested in other ways."""
    output:
        csv=FILES.table("{dataset}", "_evaluations.csv"),
        markdown=FILES.table("{dataset}", "_evaluations.md"),
    log:
        paths.log_file(RESULTS, "{dataset}/evaluations"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/evaluations")
    params:
        **program("write_evaluations.py"),
        settings=lambda wildcards: canonical_json(STUDY.compared_settings(wildcards.dataset)),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics(wildcards.dataset)),
    message:
        "Tabulate other evaluations of {wildcards.dataset}"


rule web_page:
    """A table as a page of the report."""
    input:
        FILES.table("{dataset}", "{table}.md"),
    output:
        in_report(
            FILES.table("{dataset}", "{table}.html"),
            "table",
            lambda wildcards: TABLES[wildcards.table],
        ),
    log:
        paths.log_file(RESULTS, "{dataset}/web_page{table}"),
    benchmark:
        paths.benchmark_file(RESULTS, "{dataset}/web_page{table}")
    wildcard_constraints:
        table=one_of(TABLES),
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("web_page.py"),
    message:
        "Make a page of {input}"
    shell:
        "python {params.program:q} --markdown {input:q} --page {output:q} > {log:q} 2>&1"


rule story:
    """The answers in short."""
    input:
        lambda wildcards: FILES.metrics(*STUDY.datasets),
    output:
        FILES.story,
    log:
        paths.log_file(RESULTS, "story"),
    benchmark:
        paths.benchmark_file(RESULTS, "story")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("write_story.py"),
        settings=canonical_json(STUDY.story_settings()),
        replicates=lambda wildcards, input: folder_of(input, FILES.metrics(*STUDY.datasets)),
    message:
        "Tell the study in short in {output}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--replicates {params.replicates:q} --text {output:q} > {log:q} 2>&1"


rule front_page:
    """The front page of the report."""
    input:
        story=FILES.story,
        picture=FILES.front_picture,
    output:
        FILES.front_page,
    log:
        paths.log_file(RESULTS, "front_page"),
    benchmark:
        paths.benchmark_file(RESULTS, "front_page")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("write_front_page.py"),
        caption=caption_text("published" if FILES.reproduction else "accuracy"),
    message:
        "Write the front page of the report"
    shell:
        "python {params.program:q} --story {input.story:q} --picture {input.picture:q} "
        "--caption {params.caption:q} --page {output:q} > {log:q} 2>&1"


rule summary:
    """The page of all results."""
    input:
        FILES.shown(*STUDY.datasets),
        FILES.reproduction,
        [FILES.variants(dataset, "firing.csv") for dataset in STUDY.datasets],
        story=FILES.story,
        published=ancient(local(PUBLISHED)),
    output:
        FILES.summary,
    log:
        paths.log_file(RESULTS, "summary"),
    benchmark:
        paths.benchmark_file(RESULTS, "summary")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("write_summary.py"),
        settings=canonical_json(summary_settings()),
        results=lambda wildcards, input: folder_of([input.story], [FILES.story], RESULTS),
        published=PUBLISHED_DIGEST,
    message:
        "Summarise the study in {output}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --results {params.results:q} "
        "--summary {output:q} > {log:q} 2>&1"


rule publish:
    """Everything, and its page in docs/."""
    input:
        summary=FILES.summary,
        replicates=lambda wildcards: FILES.outcomes(*STUDY.datasets),
        shown=FILES.shown(*STUDY.datasets) + FILES.reproduction,
    output:
        page=f"docs/{STUDY.page}.md",
        pictures=directory(f"docs/images/{STUDY.page}"),
        archive=f"docs/replicates/{STUDY.page}.zip",
    log:
        paths.log_file(RESULTS, "publish"),
    benchmark:
        paths.benchmark_file(RESULTS, "publish")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("publish.py"),
        settings=lambda wildcards: canonical_json(STUDY.publication_settings(command("publish"))),
    message:
        "Publish the results in {output.page}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --summary {input.summary:q} "
        "--page {output.page:q} --pictures {output.pictures:q} --archive {output.archive:q} "
        "> {log:q} 2>&1"
