rule notebook:
    """A notebook on a variant's first replicate, run."""
    input:
        data=FILES.arrays("{dataset}"),
        model=FILES.replicate("{dataset}", "model.pt", seed=STUDY.seeds[0]),
    output:
        FILES.variant("{dataset}", "notebook.ipynb"),
    log:
        paths.log_file(REPLICATES, "{dataset}/{variant}/notebook"),
    benchmark:
        paths.benchmark_file(REPLICATES, "{dataset}/{variant}/notebook")
    wildcard_constraints:
        variant=one_of([name for rows in STUDY.variants.values() for name in rows]),
    conda:
        ENVIRONMENT
    resources:
        **PICTURES,
    params:
        settings=lambda wildcards: canonical_json(
            {"settings": STUDY.notebook_settings(wildcards.dataset, wildcards.variant)}
        ),
        notebook=lambda wildcards: os.path.relpath(NOTEBOOKS / f"{wildcards.dataset}.ipynb"),
        scripts=os.path.relpath(SCRIPTS),
        code=lambda wildcards: notebook_digest(NOTEBOOKS / f"{wildcards.dataset}.ipynb"),
    message:
        "Run the notebook of {wildcards.dataset}, {wildcards.variant}"
    # The directive `notebook` would run a notebook again for its date alone, as in a fresh checkout,
    # and would put a pickle and this machine's paths into the copy.
    shell:
        "papermill {params.notebook:q} {output:q} --no-progress-bar --log-output "
        "-r scripts {params.scripts:q} -r model {input.model:q} -r data {input.data:q} "
        "-y {params.settings:q} > {log:q} 2>&1"


rule notebook_page:
    """That notebook as a page of the report."""
    input:
        FILES.variant("{dataset}", "notebook.ipynb"),
    output:
        report(
            FILES.variant("{dataset}", "notebook.html"),
            caption="../workflow/report/notebook.rst",
            category=lambda wildcards: STUDY.title(wildcards.dataset),
            subcategory="Notebook",
            labels={"variant": "{variant}"},
        ),
    log:
        paths.log_file(REPLICATES, "{dataset}/{variant}/notebook_page"),
    benchmark:
        paths.benchmark_file(REPLICATES, "{dataset}/{variant}/notebook_page")
    conda:
        ENVIRONMENT
    resources:
        **SMALL,
    params:
        **program("notebook_page.py"),
    message:
        "Make a page of {input}"
    shell:
        "python {params.program:q} --notebook {input:q} --page {output:q} > {log:q} 2>&1"
