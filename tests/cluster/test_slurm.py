"""The workflow on a real Slurm, which these tests set up for themselves."""

import os
import time
from pathlib import Path

import pytest

import one_node_slurm
from projects import VARIANTS, assert_same_results, needs_mirror, results, shrink, wait_until

pytestmark = pytest.mark.slow

SOON = ["--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2"]
ON_SLURM = ["--profile", "slurm", *SOON]
REPLICATE = "results/mnist/no_binary/seed0"
# What the rules ask for: processors, memory, time limit.
REQUESTS = {
    "draw_digits": ("1", "2000M", "20:00"),
    "draw_alphabets": ("1", "2000M", "20:00"),
    "prepare_mnist": ("1", "2000M", "20:00"),
    "prepare_omniglot": ("1", "2000M", "20:00"),
    "train_mnist": ("1", "4000M", "1:00:00"),
    "train_omniglot": ("1", "4000M", "1:00:00"),
    "evaluate_mnist": ("1", "4000M", "15:00"),
    "evaluate_omniglot": ("1", "4000M", "15:00"),
    "pictures_mnist": ("1", "3000M", "15:00"),
    "pictures_omniglot": ("1", "3000M", "15:00"),
    "heatmaps": ("1", "3000M", "15:00"),
    "curves": ("1", "1000M", "15:00"),
    "accuracy": ("1", "1000M", "15:00"),
    "draw_differences": ("1", "1000M", "15:00"),
    "table": ("1", "1000M", "15:00"),
    "differences": ("1", "1000M", "15:00"),
    "evaluations": ("1", "1000M", "15:00"),
    "firing": ("1", "1000M", "15:00"),
    "representations": ("1", "1000M", "15:00"),
    "confusion": ("1", "1000M", "15:00"),
    "notebook": ("1", "3000M", "15:00"),
    "notebook_page": ("1", "1000M", "15:00"),
    "web_page": ("1", "1000M", "15:00"),
    "story": ("1", "1000M", "15:00"),
    "front_page": ("1", "1000M", "15:00"),
    "summary": ("1", "1000M", "15:00"),
}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    if reason := one_node_slurm.reason_to_skip():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    cluster = one_node_slurm.Cluster(tmp_path_factory.mktemp("slurm"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def rule(job):
    """Returns the name of a job's rule, from the comment that Snakemake gives to Slurm."""
    return job["rule"].removeprefix("rule_").split("_wildcards_")[0]


def request(job):
    return (job["cpus"], job["memory"], job["time_limit"])


def jobs_of(cluster, name, after=0):
    """Returns the jobs of a rule with a number above `after`, in order."""
    jobs = [job for job in cluster.jobs() if rule(job) == name and int(job["id"]) > after]
    return sorted(jobs, key=lambda job: int(job["id"]))


def last_job(cluster):
    return max((int(job["id"]) for job in cluster.jobs()), default=0)


def finish(process):
    output = process.communicate(timeout=600)[0]
    return process.returncode, output


def test_a_study_on_slurm_equals_the_local_one(cluster, new_project, finished):
    remote = new_project()
    remote.edit_config(shrink)
    before = last_job(cluster)
    status, output = remote.run(*ON_SLURM)
    assert status == 0, output
    trainings = sum(map(len, VARIANTS.values()))
    assert len([path for path in results(remote) if path.name == "metrics.json"]) == trainings
    assert_same_results(finished, remote)

    jobs = [job for job in cluster.jobs() if int(job["id"]) > before]
    assert {rule(job): request(job) for job in jobs} == REQUESTS
    # A training, its test and its pictures; 34 jobs of the data, tables, figures and notebooks.
    assert len(jobs) == 3 * trainings + 34
    for job in jobs:
        assert (job["state"], request(job)) == ("COMPLETED", REQUESTS[rule(job)]), job
    assert remote.planned() == []


def test_a_training_over_its_time_limit_resumes_with_more_time(cluster, copy):
    """It is stopped until Slurm ends it; the limit is in whole minutes."""
    before = last_job(cluster)
    rules = copy.path("rules/trainings.smk")
    text = rules.read_text()
    assert text.count("minutes=60") == 1
    rules.write_text(text.replace("minutes=60", "minutes=1"))
    model = copy.path(f"{REPLICATE}/model.pt")
    bytes_before = model.read_bytes()
    model.unlink()
    process = copy.start(*ON_SLURM, f"{REPLICATE}/model.pt")
    wait_until(model.with_name("checkpoint.pt").exists, process)
    (training,) = copy.trainings()
    training.suspend()
    status, output = finish(process)
    assert status == 0, output
    assert "Trying to restart" in output
    first, second = jobs_of(cluster, "train_mnist", before)
    assert (first["state"], first["time_limit"]) == ("TIMEOUT", "1:00")
    assert (second["state"], second["time_limit"]) == ("COMPLETED", "2:00")
    log = copy.path("results/logs/mnist/no_binary/seed0/train.log").read_text()
    assert "resuming after epoch" in log
    assert model.read_bytes() == bytes_before
    assert not model.with_name("checkpoint.pt").exists()


def test_a_job_cancelled_by_hand_is_reported_and_resumes_on_the_next_run(cluster, copy):
    before = last_job(cluster)
    model = copy.path(f"{REPLICATE}/model.pt")
    bytes_before = model.read_bytes()
    model.unlink()
    process = copy.start(*ON_SLURM, "--retries", "0", f"{REPLICATE}/model.pt")
    checkpoint = model.with_name("checkpoint.pt")
    wait_until(checkpoint.exists, process)
    (training,) = copy.trainings()
    training.suspend()
    (job,) = jobs_of(cluster, "train_mnist", before)
    one_node_slurm.output_of("scancel", job["id"])
    status, output = finish(process)
    assert status != 0
    assert f"SLURM-job '{job['id']}' failed, SLURM status is: 'CANCELLED'" in output
    assert "Error in rule train_mnist" in output
    assert checkpoint.exists()
    assert not model.exists()

    status, output = copy.run(*ON_SLURM, f"{REPLICATE}/model.pt")
    assert status == 0, output
    log = copy.path("results/logs/mnist/no_binary/seed0/train.log").read_text()
    assert "resuming after epoch" in log
    assert model.read_bytes() == bytes_before


def test_a_pre_empted_job_resumes_when_it_is_back(cluster, copy):
    """Pre-emption and the failure of a node put a job back into the queue, under its number."""
    before = last_job(cluster)
    model = copy.path(f"{REPLICATE}/model.pt")
    bytes_before = model.read_bytes()
    model.unlink()
    process = copy.start(*ON_SLURM, f"{REPLICATE}/model.pt")
    wait_until(model.with_name("checkpoint.pt").exists, process)
    (training,) = copy.trainings()
    training.suspend()
    (job,) = jobs_of(cluster, "train_mnist", before)
    one_node_slurm.output_of("scontrol", "requeue", job["id"])
    status, output = finish(process)
    assert status == 0, output
    (job,) = jobs_of(cluster, "train_mnist", before)
    assert job["state"] == "COMPLETED"
    log = copy.path("results/logs/mnist/no_binary/seed0/train.log").read_text()
    assert "resuming after epoch" in log
    assert model.read_bytes() == bytes_before


def test_a_node_drained_and_restored_in_the_middle_loses_nothing(cluster, copy, finished):
    for variant in VARIANTS["mnist"]:
        for file in ("model.pt", "metrics.json"):
            copy.path(f"results/mnist/{variant}/seed0/{file}").unlink()
    before = last_job(cluster)
    process = copy.start(*ON_SLURM, "mnist")
    try:
        wait_until(copy.trainings, process)
        cluster.set_node_state("drain")
        wait_until(lambda: cluster.node_state() == "drained", process)
        waiting = cluster.jobs("pending")
        assert waiting
        assert not cluster.jobs("running")
        time.sleep(5)
        assert process.poll() is None
        assert {job["id"] for job in waiting} <= {job["id"] for job in cluster.jobs("pending")}
    finally:
        cluster.set_node_state("resume")
    status, output = finish(process)
    assert status == 0, output
    assert len(jobs_of(cluster, "train_mnist", before)) == len(VARIANTS["mnist"])
    assert_same_results(finished, copy)


def test_a_group_is_one_job(cluster, copy, finished):
    """Training and test of each replicate in one job, two replicates at a time."""
    for variant in VARIANTS["omniglot"]:
        for file in ("model.pt", "metrics.json"):
            copy.path(f"results/omniglot/{variant}/seed0/{file}").unlink()
    before = last_job(cluster)
    groups = ["train_omniglot=replicate", "evaluate_omniglot=replicate"]
    metrics = [f"results/omniglot/{name}/seed0/metrics.json" for name in VARIANTS["omniglot"]]
    together = ["--groups", *groups, "--group-components", "replicate=2"]
    status, output = copy.run(*ON_SLURM, *together, "--", *metrics)
    assert status == 0, output
    (job,) = [job for job in cluster.jobs() if int(job["id"]) > before]
    assert job["state"] == "COMPLETED"
    assert_same_results(finished, copy)


def test_a_gpu_is_asked_for_by_one_setting(cluster, copy):
    before = last_job(cluster)
    copy.edit_config(lambda config: config.update(device="cuda"))
    status, output = copy.run(*ON_SLURM, "--retries", "0", f"{REPLICATE}/model.pt")
    (job,) = jobs_of(cluster, "train_mnist", before)
    assert job["gpus"] == "gres:gpu:1"
    if job["state"] == "FAILED":
        assert status != 0
        assert "device: cuda, but PyTorch finds no CUDA device here" in output


@needs_mirror
def test_downloads_stay_on_the_head_node(cluster, new_project):
    before = last_job(cluster)
    project = new_project()
    mirror = Path(os.environ["MIRROR"]).resolve()
    project.edit_config(lambda config: config["data"].update(mirror=str(mirror)))
    status, output = project.run(*ON_SLURM, "download")
    assert status == 0, output
    assert last_job(cluster) == before
    assert len(list(project.path("resources/official").iterdir())) == 6
