NOTEBOOKS = ROOT / "workflow" / "notebooks"


def notebook_variants(dataset):
    """Of which variants notebooks are made unasked: the first with a binary layer."""
    binary = [name for name, row in VARIANTS[dataset].items() if row["layers"]]
    return binary[:1]


rule notebook:
    input:
        data=f"{RESOURCES}/{{dataset}}.npz",
        model=f"{REPLICATES}/{{dataset}}/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        f"{REPLICATES}/{{dataset}}/{{variant}}/notebook.ipynb",
    log:
        notebook=f"{REPLICATES}/{{dataset}}/{{variant}}/notebook.ipynb",
    benchmark:
        f"{REPLICATES}/benchmarks/{{dataset}}/{{variant}}/notebook.tsv"
    wildcard_constraints:
        variant=one_of([*VARIANTS["mnist"], *VARIANTS["omniglot"]]),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=3000,
        runtime=15,
    params:
        settings=lambda wildcards: notebook_settings(wildcards.dataset, wildcards.variant),
        scripts=program(""),
        code=lambda wildcards: notebook_digest(NOTEBOOKS / f"{wildcards.dataset}.ipynb"),
    message:
        "Run the notebook of {wildcards.dataset}, {wildcards.variant}"
    notebook:
        "../workflow/notebooks/{wildcards.dataset}.ipynb"


rule notebook_page:
    input:
        f"{REPLICATES}/{{dataset}}/{{variant}}/notebook.ipynb",
    output:
        report(
            f"{REPLICATES}/{{dataset}}/{{variant}}/notebook.html",
            caption="../workflow/report/notebook.rst",
            category=report_category,
            subcategory="Notebook",
            labels={"variant": "{variant}"},
        ),
    log:
        f"{REPLICATES}/logs/{{dataset}}/{{variant}}/notebook_page.log",
    benchmark:
        f"{REPLICATES}/benchmarks/{{dataset}}/{{variant}}/notebook_page.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    message:
        "Make a page of {input}"
    shell:
        # Snakemake's own first cell, of what the job was given, is for no reader.
        "jupyter-nbconvert --to html --template basic --TagRemovePreprocessor.enabled=True "
        "--TagRemovePreprocessor.remove_cell_tags snakemake-job-properties "
        "--output-dir $(dirname {output:q}) --output notebook.html {input:q} > {log:q} 2>&1"
