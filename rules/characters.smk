use rule train_mnist as train_characters with:
    input:
        FILES.arrays("characters"),
    output:
        model=FILES.replicate("characters", "model.pt"),
        history=FILES.replicate("characters", "history.csv"),
    log:
        paths.log_file(REPLICATES, "characters/{variant}/seed{seed}/train"),
    benchmark:
        paths.benchmark_file(REPLICATES, "characters/{variant}/seed{seed}/train")
    wildcard_constraints:
        variant=one_of(STUDY.variants["characters"]),
    params:
        settings=lambda wildcards: canonical_json(
            STUDY.training_settings("characters", wildcards.variant)
        ),
        program=program_path("train_classifier.py"),
        code=lambda wildcards: training_code("characters", wildcards.variant),
    message:
        "Train characters, {wildcards.variant}, seed {wildcards.seed}"


use rule evaluate_mnist as evaluate_characters with:
    input:
        data=FILES.arrays("characters"),
        model=FILES.replicate("characters", "model.pt"),
    output:
        FILES.replicate("characters", "metrics.json"),
    log:
        paths.log_file(REPLICATES, "characters/{variant}/seed{seed}/evaluate"),
    benchmark:
        paths.benchmark_file(REPLICATES, "characters/{variant}/seed{seed}/evaluate")
    wildcard_constraints:
        variant=one_of(STUDY.variants["characters"]),
    params:
        **program("evaluate_classifier.py"),
        settings=canonical_json(STUDY.evaluation_settings("characters")),
    message:
        "Test characters, {wildcards.variant}, seed {wildcards.seed}"
