use rule train_mnist as train_omniglot with:
    input:
        FILES.arrays("omniglot"),
    output:
        model=FILES.replicate("omniglot", "model.pt"),
        history=FILES.replicate("omniglot", "history.csv"),
    log:
        paths.log_file(REPLICATES, "omniglot/{variant}/seed{seed}/train"),
    benchmark:
        paths.benchmark_file(REPLICATES, "omniglot/{variant}/seed{seed}/train")
    wildcard_constraints:
        variant=one_of(STUDY.variants["omniglot"]),
    priority: 1
    params:
        settings=lambda wildcards: canonical_json(
            STUDY.training_settings("omniglot", wildcards.variant)
        ),
        program=program_path("train_few_shot.py"),
        code=lambda wildcards: training_code("omniglot", wildcards.variant),
    message:
        "Train Omniglot, {wildcards.variant}, seed {wildcards.seed}"


use rule evaluate_mnist as evaluate_omniglot with:
    input:
        data=FILES.arrays("omniglot"),
        model=FILES.replicate("omniglot", "model.pt"),
    output:
        FILES.replicate("omniglot", "metrics.json"),
    log:
        paths.log_file(REPLICATES, "omniglot/{variant}/seed{seed}/evaluate"),
    benchmark:
        paths.benchmark_file(REPLICATES, "omniglot/{variant}/seed{seed}/evaluate")
    wildcard_constraints:
        variant=one_of(STUDY.variants["omniglot"]),
    params:
        **program("evaluate_few_shot.py"),
        settings=canonical_json(STUDY.evaluation_settings("omniglot")),
    message:
        "Test Omniglot, {wildcards.variant}, seed {wildcards.seed}"


# Only where the configuration asks for it.
if STUDY.has_one_shot_runs("omniglot"):

    use rule evaluate_mnist as evaluate_one_shot with:
        input:
            data=FILES.archives("one_shot_runs"),
            model=FILES.replicate("omniglot", "model.pt"),
        output:
            FILES.replicate("omniglot", "one_shot.json"),
        log:
            paths.log_file(REPLICATES, "omniglot/{variant}/seed{seed}/evaluate_one_shot"),
        benchmark:
            paths.benchmark_file(REPLICATES, "omniglot/{variant}/seed{seed}/evaluate_one_shot")
        wildcard_constraints:
            variant=one_of(STUDY.variants["omniglot"]),
        params:
            **program("evaluate_one_shot.py"),
            settings=canonical_json(STUDY.device_settings()),
        message:
            "Test Omniglot, {wildcards.variant}, seed {wildcards.seed}, on the one-shot runs"
