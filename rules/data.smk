# Archives come from a mirror or the official sources, or are drawn here (data.origin: embedded);
# either way the same rules make arrays of them.

if config["data"]["origin"] == "official":

    localrules:
        download_mnist,
        download_omniglot,

    rule download_mnist:
        output:
            f"{RESOURCES}/{{archive}}",
        log:
            f"{REPLICATES}/logs/mnist/download/{{archive}}.log",
        benchmark:
            f"{REPLICATES}/benchmarks/mnist/download/{{archive}}.tsv"
        wildcard_constraints:
            archive=one_of(config["archives"]["mnist"]["expected"]),
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=1000,
            runtime=60,
        params:
            program=program("download.py"),
            expected=lambda wildcards: expected_digests("mnist", wildcards.archive),
            # Taking `threads` keeps it untracked: an archive is the same wherever it came from.
            sources=lambda wildcards, threads: SOURCES["mnist"],
        message:
            "Download {wildcards.archive} of MNIST"
        shell:
            "python {params.program:q} --expected {params.expected:q} "
            "--sources {params.sources:q} --archive {output:q} > {log:q} 2>&1"

    rule download_omniglot:
        output:
            f"{RESOURCES}/{{archive}}",
        log:
            f"{REPLICATES}/logs/omniglot/download/{{archive}}.log",
        benchmark:
            f"{REPLICATES}/benchmarks/omniglot/download/{{archive}}.tsv"
        wildcard_constraints:
            archive=one_of(config["archives"]["omniglot"]["expected"]),
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=1000,
            runtime=60,
        params:
            program=program("download.py"),
            expected=lambda wildcards: expected_digests("omniglot", wildcards.archive),
            # Taking `threads` keeps it untracked: an archive is the same wherever it came from.
            sources=lambda wildcards, threads: SOURCES["omniglot"],
        message:
            "Download {wildcards.archive} of Omniglot"
        shell:
            "python {params.program:q} --expected {params.expected:q} "
            "--sources {params.sources:q} --archive {output:q} > {log:q} 2>&1"

else:

    rule draw_digits:
        output:
            archives("mnist"),
        log:
            f"{REPLICATES}/logs/mnist/draw.log",
        benchmark:
            f"{REPLICATES}/benchmarks/mnist/draw.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=2000,
            runtime=20,
        params:
            program=program("draw_digits.py"),
            code=code("draw_digits.py"),
        message:
            "Draw digits from fonts"
        shell:
            "python {params.program:q} --archives {output:q} > {log:q} 2>&1"

    rule draw_alphabets:
        output:
            archives("omniglot"),
        log:
            f"{REPLICATES}/logs/omniglot/draw.log",
        benchmark:
            f"{REPLICATES}/benchmarks/omniglot/draw.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=2000,
            runtime=20,
        params:
            program=program("draw_alphabets.py"),
            code=code("draw_alphabets.py"),
        message:
            "Draw alphabets from fonts"
        shell:
            "python {params.program:q} --archives {output:q} > {log:q} 2>&1"


rule prepare_mnist:
    input:
        archives("mnist"),
    output:
        f"{RESOURCES}/mnist.npz",
    log:
        f"{REPLICATES}/logs/mnist/prepare.log",
    benchmark:
        f"{REPLICATES}/benchmarks/mnist/prepare.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        expected=expected_digests("mnist"),
        program=program("prepare_mnist.py"),
        code=code("prepare_mnist.py"),
    message:
        "Prepare the MNIST arrays"
    shell:
        "python {params.program:q} --expected {params.expected:q} "
        "--archives {input:q} --arrays {output:q} > {log:q} 2>&1"


rule prepare_omniglot:
    input:
        archives("omniglot"),
    output:
        f"{RESOURCES}/omniglot.npz",
    log:
        f"{REPLICATES}/logs/omniglot/prepare.log",
    benchmark:
        f"{REPLICATES}/benchmarks/omniglot/prepare.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        expected=expected_digests("omniglot"),
        program=program("prepare_omniglot.py"),
        code=code("prepare_omniglot.py"),
    message:
        "Prepare the Omniglot arrays"
    shell:
        "python {params.program:q} --expected {params.expected:q} "
        "--archives {input:q} --arrays {output:q} > {log:q} 2>&1"
