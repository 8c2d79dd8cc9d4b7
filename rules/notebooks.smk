rule notebook:
    input:
        data=f"{RESOURCES}/{{dataset}}.npz",
        model=f"{REPLICATES}/{{dataset}}/{{variant}}/seed{SEEDS[0]}/model.pt",
    output:
        f"{REPLICATES}/{{dataset}}/{{variant}}/notebook.ipynb",
    log:
        f"{REPLICATES}/logs/{{dataset}}/{{variant}}/notebook.log",
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
        notebook=lambda wildcards: os.path.relpath(NOTEBOOKS / f"{wildcards.dataset}.ipynb"),
        scripts=os.path.relpath(SCRIPTS),
        code=lambda wildcards: notebook_digest(NOTEBOOKS / f"{wildcards.dataset}.ipynb"),
    message:
        "Run the notebook of {wildcards.dataset}, {wildcards.variant}"
    # Not the directive `notebook`, by which a notebook of a later date, as in a fresh checkout, is
    # run again, and a pickle and this machine's paths come into the copy.
    shell:
        "papermill {params.notebook:q} {output:q} --no-progress-bar --log-output "
        "-r scripts {params.scripts:q} -r model {input.model:q} -r data {input.data:q} "
        "-y {params.settings:q} > {log:q} 2>&1"


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
    params:
        program=program("notebook_page.py"),
        code=code("notebook_page.py"),
    message:
        "Make a page of {input}"
    shell:
        "python {params.program:q} --notebook {input:q} --page {output:q} > {log:q} 2>&1"
