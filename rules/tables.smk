# What follows the data set in a table's name, and what the report calls it.
TABLES = {"": "Table", "_differences": "Differences"}


rule table:
    input:
        metrics=lambda wildcards: metrics(wildcards.dataset),
        published=ancient(local(PUBLISHED)),
    output:
        csv=f"{RESULTS}/tables/{{dataset}}.csv",
        markdown=f"{RESULTS}/tables/{{dataset}}.md",
    log:
        f"{RESULTS}/logs/{{dataset}}/table.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{dataset}}/table.tsv"
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
        program=program("write_table.py"),
        code=code("write_table.py"),
    message:
        "Tabulate the results of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --results {params.results:q} "
        "--csv {output.csv:q} --markdown {output.markdown:q} > {log:q} 2>&1"


rule differences:
    input:
        lambda wildcards: metrics(wildcards.dataset),
    output:
        csv=f"{RESULTS}/tables/{{dataset}}_differences.csv",
        markdown=f"{RESULTS}/tables/{{dataset}}_differences.md",
    log:
        f"{RESULTS}/logs/{{dataset}}/differences.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{dataset}}/differences.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=lambda wildcards: result_settings(wildcards.dataset),
        results=lambda wildcards, input: results_folder(input[0], "variant/seed/file"),
        program=program("write_differences.py"),
        code=code("write_differences.py"),
    message:
        "Compare the variants of {wildcards.dataset}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --results {params.results:q} "
        "--csv {output.csv:q} --markdown {output.markdown:q} > {log:q} 2>&1"


rule web_page:
    input:
        f"{RESULTS}/tables/{{dataset}}{{table}}.md",
    output:
        report(
            f"{RESULTS}/tables/{{dataset}}{{table}}.html",
            caption="../workflow/report/table.rst",
            category="Results",
            labels=lambda wildcards: report_labels(TABLES[wildcards.table], wildcards),
        ),
    log:
        f"{RESULTS}/logs/{{dataset}}/web_page{{table}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{dataset}}/web_page{{table}}.tsv"
    wildcard_constraints:
        table=one_of(TABLES),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        program=program("web_page.py"),
        code=code("web_page.py"),
    message:
        "Make a page of {input}"
    shell:
        "python {params.program:q} --markdown {input:q} --page {output:q} > {log:q} 2>&1"


rule story:
    input:
        lambda wildcards: [path for name in DATASETS for path in metrics(name)],
    output:
        f"{RESULTS}/story.md",
    log:
        f"{RESULTS}/logs/story.log",
    benchmark:
        f"{RESULTS}/benchmarks/story.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=story_settings(),
        results=lambda wildcards, input: results_folder(input[0], "dataset/variant/seed/file"),
        program=program("write_story.py"),
        code=code("write_story.py"),
    message:
        "Tell the study in short in {output}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --results {params.results:q} "
        "--text {output:q} > {log:q} 2>&1"


rule summary:
    input:
        [path for dataset in DATASETS for path in dataset_results(dataset)],
        f"{RESULTS}/story.md",
        published=ancient(local(PUBLISHED)),
    output:
        f"{RESULTS}/summary.md",
    log:
        f"{RESULTS}/logs/summary.log",
    benchmark:
        f"{RESULTS}/benchmarks/summary.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=summary_settings(),
        results=lambda wildcards, input: results_folder(input[0], "tables/file"),
        published=PUBLISHED_DIGEST,
        program=program("write_summary.py"),
        code=code("write_summary.py"),
    message:
        "Summarise the study in {output}"
    shell:
        "python {params.program:q} --settings {params.settings:q} "
        "--published {input.published:q} --results {params.results:q} --summary {output:q} > {log:q} 2>&1"


rule publish:
    input:
        summary=f"{RESULTS}/summary.md",
        metrics=lambda wildcards: [path for name in DATASETS for path in metrics(name)],
        shown=[path for name in DATASETS for path in dataset_results(name)],
    output:
        page=f"docs/{STUDY}.md",
        pictures=directory(f"docs/images/{STUDY}"),
    log:
        f"{RESULTS}/logs/publish.log",
    benchmark:
        f"{RESULTS}/benchmarks/publish.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        settings=lambda wildcards: publication_settings(),
        program=program("publish.py"),
        code=code("publish.py"),
    message:
        "Publish the results in {output.page}"
    shell:
        "python {params.program:q} --settings {params.settings:q} --summary {input.summary:q} "
        "--page {output.page:q} --pictures {output.pictures:q} > {log:q} 2>&1"
