"""Runs of the workflow: to the end, killed, and on bad input."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pandas as pd
import psutil
import pytest
from PIL import Image

from binary_activations.networks.activations import MODES
from binary_activations.reporting.labels import EMBEDDED_NOTICE
from projects import (
    IN_NOTEBOOKS,
    ROOT,
    VARIANTS,
    assert_same_results,
    needs_mirror,
    shrink,
    wait_until,
)

MODEL = "results/mnist/no_binary/seed0/model.pt"


def test_the_study_plans_every_job_of_the_24_variants(new_project):
    jobs = new_project().planned()
    counts = {
        word: sum(job.startswith(word) for job in jobs) for word in {job.split()[0] for job in jobs}
    }
    assert counts == {
        "Download": 6,
        "Prepare": 2,
        "Train": 3 * 24,
        "Test": 3 * 24,
        "Draw": 24 + 6 * 2 + 1 + 1,
        "Make": 5 + 2,
        "Run": 2,
        "Tabulate": 3,
        "Compare": 2,
        "Tell": 1,
        "Summarise": 1,
        "Write": 1,
    }


def test_targets_plan_their_own_part(new_project):
    project = new_project()
    assert len(project.planned("download")) == 6
    assert sum(job.startswith("Train") for job in project.planned("mnist")) == 3 * 19
    assert sum(job.startswith("Train") for job in project.planned("omniglot")) == 3 * 5
    demo = project.planned("--configfile", "config/demo.yaml")
    assert "Draw digits from fonts" in demo
    assert not any(job.startswith("Download") for job in demo)


def test_every_rule_says_what_it_makes(new_project):
    status, output = new_project().plan("--list")
    assert status == 0, output
    rules = re.findall(r"^[a-z_]+(?: \(.+\))?$", output, re.MULTILINE)
    assert any(rule.startswith("train_mnist (") for rule in rules)
    assert [rule for rule in rules if not rule.endswith(".)")] == []


def test_a_finished_study_has_every_result(finished):
    results = finished.path("results")
    for dataset, variants in VARIANTS.items():
        table = pd.read_csv(results / "tables" / f"{dataset}.csv")
        assert table["variant"].tolist() == variants
        assert table["published_accuracy"].isna().all()
        chance = 10 if dataset == "mnist" else 20
        learned = [name for name in variants if "reinforce" not in name]
        accuracies = table.set_index("variant")["accuracy_mean"]
        assert (accuracies[learned] > 2 * chance).all()
        pictures = [f"{dataset}/{name}/heatmap.png" for name in variants]
        layers = ["conv1", "conv2", "conv3", "conv4"][: 2 if dataset == "mnist" else 4]
        pictures += [
            f"{dataset}/{name}/layers/{picture}_{layer}.png"
            for name in variants
            for picture in ("filters", "activations", "exciting", "maximising")
            for layer in layers
        ]
        drawn = ("accuracy", "differences", "curves", "firing", "representations")
        pictures += [f"{dataset}/{name}.png" for name in drawn]
        pictures += [f"{dataset}/heatmaps/{layer}.png" for layer in layers]
        pictures += (
            ["mnist/confusion.png"]
            if dataset == "mnist"
            else [f"omniglot/{name}/episode.png" for name in variants]
        )
        folder = results / dataset / IN_NOTEBOOKS[dataset]
        assert "image/png" in (folder / "notebook.ipynb").read_text()
        assert "<img" in (folder / "notebook.html").read_text()
        for picture in pictures:
            with Image.open(results / picture) as image:
                image.load()
                assert image.width > 400
        for name in variants:
            folder = results / dataset / name / "seed0"
            files = {path.name for path in folder.iterdir()}
            assert files == {"model.pt", "history.csv", "metrics.json"}
            log = (results / "logs" / dataset / name / "seed0" / "train.log").read_text()
            assert log.count("epoch ") == len(pd.read_csv(folder / "history.csv"))
    summary = (results / "summary.md").read_text()
    assert "**Demonstration data.**" in summary
    texts = [summary, *(path.read_text() for path in results.rglob("tables/*.md"))]
    for text in texts:  # embedded data are called so, and one seed has no noise to speak of
        assert not re.search("MNIST|Omniglot|one seed \\||over seeds|0 differ", text)
    assert "train no_binary" in summary


@pytest.mark.slow
@pytest.mark.parametrize("dataset", VARIANTS)
def test_a_notebook_runs_by_hand_from_its_folder(copy, dataset):
    """The executed copy, opened where it lies, and the notebook itself with its own values."""
    (executed,) = copy.path(f"results/{dataset}").glob("*/notebook.ipynb")
    variant = executed.parent.name
    source = copy.path(f"workflow/notebooks/{dataset}.ipynb")
    own = source.read_text()
    default = re.search(rf"results/demo/{dataset}/(\w+)/seed0", own)
    assert default[1] in ("stochastic_straight_through_first", "binary_first")
    here = f"results/{dataset}/{variant}/seed0"
    source.write_text(own.replace(default[0], here).replace(default[1], variant))
    for notebook in (executed, source):
        run = subprocess.run(
            ["jupyter-nbconvert", "--execute", "--to", "notebook", "--output", "again", notebook],
            cwd=notebook.parent,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        again = json.loads((notebook.parent / "again.ipynb").read_text())
        outputs = [output for cell in again["cells"] for output in cell.get("outputs", [])]
        assert sum("image/png" in output.get("data", {}) for output in outputs) >= 6
        told = "".join("".join(output.get("text", "")) for output in outputs)
        assert f"{variant}, seed 0" in told


def test_a_further_study_trains_just_what_the_study_has_not(copy):
    # The small study has no REINFORCE row.
    copy.path("select.yaml").write_text(
        'mnist: {select: ["*_none_*", "*_local_expectation_*"]}\nomniglot: {select: []}'
    )
    planned = copy.planned("--configfile", "config/control.yaml", "select.yaml")
    names = [f"{mode}_none_{layers}" for mode in MODES for layers in ("first", "last", "both")]
    trained = sorted(job for job in planned if job.startswith("Train"))
    assert trained == sorted(f"Train MNIST, {name}, seed 0" for name in names)
    assert "Summarise the study in results/control/summary.md" in planned
    assert not any("omniglot" in job.lower() for job in planned)
    assert copy.planned() == []


@pytest.mark.slow
def test_characters_are_classified_by_mixed_layers(copy):
    copy.path("select.yaml").write_text(
        "mnist: {select: []}\n"
        "characters:\n"
        "  select: [stride_no_binary, stride_mixed]\n"
        "  training: {epochs: 3, validation_images: 100}\n"
    )
    files = ("--configfile", "config/second_study.yaml", "select.yaml")
    status, output = copy.run("--cores", "2", *files)
    assert status == 0, output
    assert copy.planned(*files) == []
    results = copy.path("results/second_study")
    table = pd.read_csv(results / "tables/characters.csv").set_index("variant")
    assert (table["accuracy_mean"] > 10).all()  # of 144 classes
    differences = pd.read_csv(results / "tables/characters_differences.csv")
    assert differences["question"].tolist() == ["cost"]
    assert (
        differences["within"].item() == "straight-through, 50 % of channels in 2 groups, stride 2"
    )
    firing = pd.read_csv(results / "characters/stride_mixed/firing.csv")
    assert firing["units"].tolist() == [32 * 14**2, 32 * 7**2, 32 * 4**2, 32 * 2**2]
    assert len(list((results / "characters/heatmaps").glob("*.png"))) == 4
    assert not (results / "characters/confusion.png").exists()


@pytest.mark.slow
def test_networks_are_tested_on_several_tasks(copy):
    def edit(config):
        config["omniglot"]["test"].update(n_way=[5, 10], k_shot=[1, 2])

    copy.edit_config(edit)
    status, output = copy.run("--cores", "2")
    assert status == 0, output
    assert "Train" not in output
    table = pd.read_csv(copy.path("results/tables/omniglot.csv"))
    tasks = ["5-way 1-shot", "5-way 2-shot", "10-way 1-shot", "10-way 2-shot"]
    assert table["task"].tolist() == tasks * 2
    accuracy = table.set_index(["variant", "task"])["accuracy_mean"]["no_binary"]
    assert accuracy["5-way 1-shot"] > accuracy["10-way 1-shot"]
    markdown = copy.path("results/tables/omniglot.md").read_text()
    assert all(f"| {task} (%) " in markdown for task in tasks)
    assert copy.planned() == []


@pytest.mark.slow
def test_the_published_page_is_the_summary_with_its_pictures_and_its_origin(copy):
    given = ["--config", "title=Small", "data={mirror: mirror}"]
    status, output = copy.run("--cores", "1", *given, "--", "publish")
    assert status == 0, output
    page = copy.path("docs/results.md").read_text()
    command = """snakemake --cores 2 --config 'title="Small"' -- publish"""
    assert f"| command | `{command}` |" in page
    assert re.search(r"\| computed on \| .*cores, 1 used; PyTorch \d", page)
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert len(pictures) == len(set(pictures)) == 2 * 5 + 1 + 6 + 5 + len(VARIANTS["omniglot"])
    for picture in pictures:
        assert copy.path(f"docs/{picture}").read_bytes().startswith(b"\x89PNG")
    table = copy.path("results/tables/mnist.md").read_text()
    assert table.removeprefix(EMBEDDED_NOTICE).strip() in page
    assert copy.planned(*given, "--", "publish") == []
    made = ["results/tables/mnist.md", "results/mnist/curves.png", "results/story.md"]
    before = [copy.path(name).read_bytes() for name in made]
    shutil.rmtree(copy.path("results"))
    shutil.unpack_archive(copy.path("docs/replicates/results.zip"), copy.path("results"))
    rules = ["table", "curves", "story"]
    status, output = copy.run("--cores", "1", "--allowed-rules", *rules, "--", *made)
    assert status == 0, output
    assert [copy.path(name).read_bytes() for name in made] == before


@pytest.mark.slow
@needs_mirror
def test_the_real_data_go_through(new_project):
    """One epoch of one MNIST variant, and a few episodes, on the archives in MIRROR."""
    project = new_project()

    def one_epoch(config):
        config["data"]["mirror"] = str(Path(os.environ["MIRROR"]).resolve())
        config["seeds"] = [0]
        for dataset in ("mnist", "omniglot"):
            plain = config[dataset]["variants"]["no_binary"]
            config[dataset]["variants"] = {"no_binary": plain}
            config[dataset]["training"]["epochs"] = 1
        config["omniglot"]["training"]["episodes_per_epoch"] = 20

    project.edit_config(one_epoch)
    status, output = project.run("--cores", "2")
    assert status == 0, output
    tables = project.path("results/tables")
    mnist = pd.read_csv(tables / "mnist.csv").iloc[0]
    assert mnist["accuracy_mean"] > 90
    assert mnist["published_accuracy"] == 98.79
    omniglot = pd.read_csv(tables / "omniglot.csv").iloc[0]
    assert omniglot["accuracy_mean"] > 50
    assert omniglot["published_accuracy"] == 84.4
    project.edit_config(lambda config: config["data"].update(mirror="elsewhere"))
    assert project.planned() == []


@pytest.mark.slow
@pytest.mark.parametrize("whole_run", [False, True], ids=["training", "whole run"])
def test_a_killed_training_resumes_to_the_same_bytes(copy, whole_run):
    model = copy.path(MODEL)
    before = model.read_bytes()
    model.unlink()
    process = copy.start("--cores", "1", MODEL)
    checkpoint = model.with_name("checkpoint.pt")
    wait_until(checkpoint.exists, process)
    trainings = copy.trainings()
    assert trainings
    if whole_run:
        os.killpg(process.pid, signal.SIGKILL)
    for training in trainings:
        with contextlib.suppress(psutil.NoSuchProcess):
            training.kill()
    psutil.wait_procs(trainings, timeout=10)
    process.communicate()
    assert process.returncode != 0
    assert not model.exists()
    assert checkpoint.exists()

    if whole_run:
        assert copy.run("--unlock")[0] == 0
    status, output = copy.run("--cores", "1", MODEL)
    assert status == 0, output
    log = copy.path("results/logs/mnist/no_binary/seed0/train.log").read_text()
    assert "resuming after epoch" in log
    assert model.read_bytes() == before
    assert not checkpoint.exists()


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ("mnist: {training: {epoch: 3}}", "mnist.training.epoch: unknown key; allowed here"),
        ("mnist: {training: {epochs: -1}}", "mnist.training.epochs: -1 must be at least 1"),
        (
            "mnist: {variants: {no_binary: {layers: [conv9]}}}",
            "mnist.variants.no_binary.layers.0: 'conv9' is not allowed; use one of: conv1, conv2",
        ),
        ("omniglot: {variants: {no_binary: {layer: []}}}", "no_binary.layer: unknown key"),
        ("colour: red", "colour: unknown key; allowed here: results, replicates"),
    ],
)
def test_a_bad_configuration_is_told_before_any_job(new_project, overlay, message):
    project = new_project()
    project.path("overlay.yaml").write_text(overlay)
    status, output = project.plan("--cores", "1", "--configfile", "overlay.yaml")
    assert status != 0
    assert message in output
    assert "Traceback" not in output
    assert not project.path("resources").exists()


def test_numbers_on_the_command_line_are_numbers(new_project):
    """They give the same trainings as numbers in a file."""
    project = new_project()
    project.path("overlay.yaml").write_text("mnist: {training: {epochs: 1, learning_rate: 0.05}}")
    found = []
    for source in (
        ["--config", "seeds=[3, 4]", "mnist={training: {epochs: 1, learning_rate: 5e-2}}"],
        ["--config", "seeds=[3, 4]", "--configfile", "overlay.yaml"],
    ):
        status, output = project.plan("--dry-run", "--printshellcmds", "mnist", *source)
        assert status == 0, output
        found.append(
            sorted(re.findall(r"train_classifier.py --settings (\S+) --seed (\d+)", output))
        )
    assert found[0] == found[1]
    assert [seed for _, seed in found[0]].count("3") == len(found[0]) / 2 == 19
    trainings = [json.loads(settings.strip("'"))["training"] for settings, _ in found[0]]
    assert {(t["epochs"], t["learning_rate"]) for t in trainings} == {(1, 0.05)}


def test_a_hostile_path_reaches_no_shell(new_project):
    """A mirror may have any name; variants and results may not (test_configuration_properties)."""
    project = new_project()
    name = "it's $(touch hacked) `touch hacked`; touch hacked"
    project.edit_config(lambda config: config["data"].update(mirror=name))
    status, output = project.run("--cores", "2", "download")
    assert status != 0
    assert f"the mirror folder {name} does not exist" in output
    assert not list(project.folder.rglob("hacked"))


@pytest.mark.slow
def test_order_and_concurrency_change_nothing(new_project, finished):
    """Jobs one at a time in random order give the bytes that two at a time gave."""
    project = new_project()
    project.edit_config(shrink)
    status, output = project.run("--cores", "1", "--scheduler-subsample", "1")
    assert status == 0, output
    assert_same_results(project, finished)


def test_another_working_folder_holds_its_own_results(new_project, tmp_path):
    jobs = new_project().planned("--directory", str(tmp_path))
    assert sum(job.startswith("Train") for job in jobs) == 3 * 24
    demo = ["--configfile", str(ROOT / "config" / "demo.yaml")]
    assert "Draw digits from fonts" in new_project().planned("--directory", str(tmp_path), *demo)


def test_a_variant_that_is_not_configured_is_no_target(new_project):
    status, output = new_project().plan("--dry-run", "results/mnist/unheard_of/seed0/model.pt")
    assert status != 0
    assert "results/mnist/unheard_of/seed0/model.pt" in output
    assert "Traceback" not in output


def test_a_missing_mirror_is_told(new_project):
    project = new_project()
    status, output = project.run("--cores", "2", "--config", "data={mirror: no/such/folder}")
    assert status != 0
    assert "the mirror folder no/such/folder does not exist" in output
    assert "Traceback" not in output
    assert not any(path.is_file() for path in project.path("resources").rglob("*"))


@pytest.mark.slow
def test_a_corrupt_archive_in_the_mirror_is_told(new_project, finished):
    """The embedded archives are whole, but hold the wrong drawings; one of them is also cut."""
    project = new_project()
    mirror = project.path("mirror")
    shutil.copytree(finished.path("resources/embedded"), mirror)
    whole = (mirror / "images_background.zip").read_bytes()
    (mirror / "images_background.zip").write_bytes(whole[:-100])
    status, output = project.run(
        "--cores", "2", "--keep-going", "--config", "data={mirror: mirror}", "--", "download"
    )
    assert status != 0
    assert "images_background.zip: truncated or not a zip archive" in output
    assert "images_evaluation.zip: its drawings are not the published ones" in output
    assert "train-labels-idx1-ubyte.gz: truncated or altered" in output
    assert "Traceback" not in output
    assert not any(path.is_file() for path in project.path("resources").rglob("*"))


@pytest.mark.slow
def test_a_sweep_chooses_rates_and_publishes_its_curves(copy):
    copy.path("sweep.yaml").write_text(
        "results: results/sweep\n"
        "omniglot: {select: []}\n"
        "mnist:\n"
        "  select: [no_binary]\n"
        "  sweep: {no_binary: [0.000001, 0.02]}\n"
    )
    options = ["--configfile", "sweep.yaml", "--cores", "2"]
    status, output = copy.run(*options, "--", "publish_sweep")
    assert status == 0, output
    table = pd.read_csv(copy.path("results/sweep/mnist/sweep.csv"))
    assert table["learning_rate"].tolist() == [0.000001, 0.02]
    # A network that hardly moves learns nothing.
    assert table["validation_accuracy"].idxmax() == 1
    page = copy.path("docs/learning_rates.md").read_text()
    assert "| no binary layer" in page
    assert "so a rate beyond it may be better: `no_binary`." in page
    assert "![Validation accuracy](images/learning_rates/mnist.png)" in page
    assert copy.path("docs/images/learning_rates/mnist.png").read_bytes().startswith(b"\x89PNG")
    assert copy.planned(*options, "--", "publish_sweep") == []
    status, output = copy.plan("--dry-run", "sweep")
    assert status != 0
    assert "sweep: no data set has one; use --configfile config/sweep.yaml" in output
