"""Which jobs each kind of edit runs again: exactly those whose results it can change."""

import os
import shutil
from pathlib import Path

import pytest

from binary_activations.estimators.catalogue import CATALOGUE
from projects import IN_NOTEBOOKS, JOB, VARIANTS

SEED = "results/{}/{}/seed0/{}"
FRONT_PAGE = ["Write the front page of the report"]  # with the accuracies of MNIST
STORY = ["Tell the study in short in results/story.md", *FRONT_PAGE]
SUMMARY = ["Summarise the study in results/summary.md"]
BOTH = ("mnist", "omniglot")
TITLES = {"mnist": "MNIST", "omniglot": "Omniglot"}


def train(dataset, variants=None, seed=0):
    names = variants or VARIANTS[dataset]
    return [f"Train {TITLES[dataset]}, {name}, seed {seed}" for name in names]


def evaluate(dataset, variants=None, seed=0):
    names = variants or VARIANTS[dataset]
    return [f"Test {TITLES[dataset]}, {name}, seed {seed}" for name in names]


def curves(dataset):
    return [f"Draw the learning curves of {dataset}"]


def pictures(dataset, variants=None):
    """All pictures of variants, and what is made of all variants beside them."""
    names = variants or VARIANTS[dataset]
    jobs = [f"Draw the pictures of {dataset}, {name}" for name in names]
    return jobs + firing(dataset) + heatmaps(dataset)


def heatmaps(dataset):
    return [f"Draw the heatmaps of {dataset}"]


def firing(dataset):
    return [f"Draw the firing rates of {dataset}", nearest(dataset)]


def nearest(dataset):
    return f"Draw the nearest neighbours by layer of {dataset}"


def notebook_pages(dataset, variants=None):
    names = [variants[0]] if variants == ["renamed"] else [IN_NOTEBOOKS[dataset]]
    shown = [name for name in names if name in (variants or names)]
    return [f"Make a page of results/{dataset}/{name}/notebook.ipynb" for name in shown]


def notebooks(dataset, variants=None):
    pages = notebook_pages(dataset, variants)
    names = [Path(page).parts[-2] for page in pages]
    return [f"Run the notebook of {dataset}, {name}" for name in names] + pages


def errors(dataset):
    return ["Draw the errors of mnist"] if dataset == "mnist" else []


def page(table):
    return f"Make a page of results/tables/{table}.md"


def beside_published(*datasets):
    """What shows test metrics beside the published figures."""
    jobs = [f"Draw the accuracies of {dataset}" for dataset in datasets]
    jobs += [f"Tabulate the results of {dataset}" for dataset in datasets]
    jobs += FRONT_PAGE if "mnist" in datasets else []
    return jobs + [page(dataset) for dataset in datasets] + SUMMARY


def compared(*datasets):
    """Returns the differences between variants, and what is told of them."""
    jobs = [f"Compare the variants of {dataset}" for dataset in datasets]
    jobs += [f"Draw the differences of {dataset}" for dataset in datasets]
    return jobs + [page(f"{dataset}_differences") for dataset in datasets] + STORY


TABLES = ("mnist", "mnist_differences", "mnist_evaluations", "omniglot", "omniglot_differences")


def evaluated(*datasets):
    """Returns the table of other evaluations, of which MNIST alone has stochastic units."""
    if "mnist" not in datasets:
        return []
    return ["Tabulate other evaluations of mnist", page("mnist_evaluations")]


def shown(*datasets):
    """What shows test metrics."""
    figures = [job for dataset in datasets for job in errors(dataset)]
    tables = compared(*datasets) + evaluated(*datasets)
    return tables + figures + beside_published(*datasets)


WITHOUT_STOCHASTIC = [job for job in shown("mnist") if job not in evaluated("mnist")]


def retrained(dataset, variants=None):
    """Returns a training and all that follows from it."""
    jobs = train(dataset, variants) + evaluate(dataset, variants)
    jobs += pictures(dataset, variants) + notebooks(dataset, variants)
    return jobs + curves(dataset) + shown(dataset)


def all_retrained(*datasets):
    return sorted({job for dataset in datasets for job in retrained(dataset)})


def straight_through_retrained():
    """What an edit of the straight-through estimator runs again in both data sets."""
    variants = {"mnist": "deterministic_straight_through_first", "omniglot": "binary_fourth"}
    return sorted({job for name, row in variants.items() for job in retrained(name, [row])})


def config(edit):
    return lambda project: project.edit_config(edit)


def set_value(*keys, value):
    def edit(entries):
        for key in keys[:-1]:
            entries = entries[key]
        entries[keys[-1]] = value

    return config(edit)


def rename(entries):
    variants = entries["omniglot"]["variants"]
    variants["renamed"] = variants.pop("binary_fourth")


def code(name, old, new):
    """Replaces text in a file below workflow/scripts, which must have it."""

    def edit(project):
        path = project.path("workflow/scripts") / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return edit


def package(name, old, new):
    return code(f"binary_activations/{name}.py", old, new)


def touch_sources(project):
    for path in project.folder.rglob("*"):
        if path.is_file() and path.parts[len(project.folder.parts)] not in (
            "results",
            "resources",
            ".snakemake",
        ):
            os.utime(path)


def touch(name):
    return lambda project: os.utime(project.path(name))


def delete(name):
    def edit(project):
        path = project.path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return edit


def forget(project):
    """Forgets how results were made, as a fresh checkout over them does."""
    shutil.rmtree(project.path(".snakemake"))
    touch_sources(project)


def rewrite(name, change):
    def edit(project):
        path = project.path(name)
        path.write_bytes(change(path.read_bytes()))

    return edit


NEW_VARIANT = {"layers": ["conv2"], "mode": "deterministic", "estimator": "none"}
ANNEALED = {"schedule": "linear", "step": 0.04, "maximum": 5}
IDX_LABELS = "resources/embedded/train-labels-idx1-ubyte.gz"

MATRIX = {
    "nothing": (lambda project: None, []),
    "every source touched": (touch_sources, []),
    "a fresh checkout over existing results": (forget, []),
    "a comment in the package": (
        package("estimators/base", "\n\n", "\n\n# a comment\n"),
        [],
    ),
    "the text of an error": (package("training/fit", "is not finite in", "has no value in"), []),
    "a line of a training's log": (package("training/fit", 'f"epoch {', 'f"Epoch {'), []),
    "an annotation": (
        package("training/fit", "def fit(self, checkpoint)", "def fit(self, checkpoint: object)"),
        [],
    ),
    "a docstring in the package": (package("training/fit", '"""The training', '"""A training'), []),
    "a comment in a program": (
        code("train_classifier.py", "def main", "# a comment\ndef main"),
        [],
    ),
    "a log deleted": (delete("results/logs/mnist"), []),
    "the benchmarks deleted": (delete("results/benchmarks"), []),
    "an archive touched": (touch(IDX_LABELS), []),
    "the prepared arrays touched": (
        lambda project: [os.utime(project.path(f"resources/embedded/{d}.npz")) for d in BOTH],
        [],
    ),
    "an equal value written otherwise": (
        set_value("omniglot", "training", "gradient_norm", value=1.0),
        [],
    ),
    "code of the downloads": (package("data/downloads", "ATTEMPTS = 4", "ATTEMPTS = 5"), []),
    "code of the matching network": (
        package("training/matching", "2.0 * products", "2 * products"),
        retrained("omniglot"),
    ),
    "an archive of other content": (
        rewrite(IDX_LABELS, lambda content: content + b"\0"),
        ["Prepare the MNIST arrays", *retrained("mnist")],
    ),
    "the precision": (
        set_value("precision", value="bfloat16"),
        all_retrained(*BOTH),
    ),
    "one variant's slope": (
        set_value("omniglot", "variants", "binary_fourth", "slope", value=ANNEALED),
        retrained("omniglot", ["binary_fourth"]),
    ),
    "one variant's estimator": (
        set_value(
            "mnist", "variants", "stochastic_local_expectation_last", "estimator", value="none"
        ),
        retrained("mnist", ["stochastic_local_expectation_last"]),
    ),
    "the slope of a data set": (
        set_value("mnist", "slope", value=ANNEALED),
        retrained("mnist"),
    ),
    "a key that one variant uses": (
        set_value("mnist", "training", "local_expectation", "margin", value=0.02),
        retrained("mnist", ["stochastic_local_expectation_last"]),
    ),
    "a key that no variant uses": (
        set_value("omniglot", "training", "disarm", "margin", value=0.01),
        [],
    ),
    "two values swapped": (
        config(lambda c: c["omniglot"]["training"].update(epochs=10, episodes_per_epoch=2)),
        retrained("omniglot"),
    ),
    "training of one data set": (
        set_value("omniglot", "training", "epochs", value=3),
        retrained("omniglot"),
    ),
    "testing of one data set": (
        set_value("omniglot", "test", "episodes", value=60),
        evaluate("omniglot") + shown("omniglot"),
    ),
    "heatmaps": (
        set_value("heatmaps", "samples", value=8),
        [*(job for dataset in BOTH for job in pictures(dataset)), *SUMMARY],
    ),
    "the mirror": (set_value("data", "mirror", value="somewhere"), []),
    "a seed added": (
        set_value("seeds", value=[0, 1]),
        [
            *(job for dataset in BOTH for job in train(dataset, seed=1)),
            *(job for dataset in BOTH for job in evaluate(dataset, seed=1)),
            *(job for dataset in BOTH for job in curves(dataset)),
            *shown(*BOTH),
        ],
    ),
    "a variant added": (
        set_value("mnist", "variants", "frozen", value=NEW_VARIANT),
        retrained("mnist", ["frozen"]),
    ),
    "a variant removed": (  # the only one with stochastic units
        config(lambda c: c["mnist"]["variants"].pop("stochastic_local_expectation_last")),
        curves("mnist") + firing("mnist") + heatmaps("mnist") + WITHOUT_STOCHASTIC,
    ),
    "a variant renamed": (config(rename), retrained("omniglot", ["renamed"])),
    "published figures": (
        rewrite(
            "config/published_results.csv", lambda content: content.replace(b"98.79", b"98.78")
        ),
        beside_published(*BOTH),
    ),
    "the published figure that a variant is compared with": (
        set_value("omniglot", "variants", "binary_fourth", "published", value="binary_third"),
        beside_published("omniglot"),
    ),
    "an archive replaced by an equal one": (
        rewrite(IDX_LABELS, lambda content: content),
        [],
    ),
    "code of the networks": (
        package("networks/convolutional", "padding = shape.kernel_size // 2", "padding = 2"),
        all_retrained(*BOTH),
    ),
    "code of the training": (
        package("training/fit", "finite and all", "bool(finite) and all"),
        all_retrained(*BOTH),
    ),
    "code of the epochs of one data set": (
        package("training/classification", "batch_size", "images_per_step"),
        retrained("mnist"),
    ),
    "code of the activations": (
        package("networks/activations", "3.0 * slope * z", "slope * (3.0 * z)"),
        all_retrained(*BOTH),
    ),
    "code that all estimators share": (
        package("estimators/base", "return []", "return list()"),
        all_retrained(*BOTH),
    ),
    "code of straight-through": (
        rewrite(
            "workflow/scripts/binary_activations/estimators/straight_through.py",
            lambda text: text + b"\n\nMORE = 1\n",
        ),
        straight_through_retrained(),
    ),
    "code that passes gradients through": (
        package("estimators/pass_through", "firing.h.detach()", "firing.h.clone()"),
        straight_through_retrained(),
    ),
    "code of the local expectations": (
        package("estimators/local_expectation", "-0.5 * products", "-0.25 * products"),
        retrained("mnist", ["stochastic_local_expectation_last"]),
    ),
    "code that flips units": (
        package("estimators/flips", "2 - size // 2", "2 - (size - 1) // 2"),
        retrained("mnist", ["stochastic_local_expectation_last"]),
    ),
    "code that score functions share": (
        package("estimators/score_function", "/ len(losses)", "/ (1.0 * len(losses))"),
        retrained("mnist", ["stochastic_local_expectation_last"]),
    ),
    **{
        f"code of an estimator that no variant names: {name}": (
            rewrite(
                f"workflow/scripts/binary_activations/estimators/{name}.py",
                lambda text: text + b"\n\nMORE = 1\n",
            ),
            [],
        )
        for name in CATALOGUE
        if name not in ("straight_through", "local_expectation")
    },
    "a row of the catalogue": (
        package("estimators/catalogue", '"none": Row(', '"nothing": Row("", ""), "none": Row('),
        [],
    ),
    "code that loads models": (
        package("training/models", "network.set_slope", "network. set_slope_again"),
        sorted(
            {
                job
                for dataset in BOTH
                for job in [
                    *evaluate(dataset),
                    *pictures(dataset),
                    *notebooks(dataset),
                    *shown(dataset),
                ]
            }
        ),
    ),
    "code of the one-shot test": (
        package("training/one_shot", "unsqueeze(2)", "unsqueeze(1)"),
        [],
    ),
    "code of the digests": (
        rewrite(
            "workflow/scripts/binary_activations/study/code_digest.py",
            lambda text: text + b"\n\nMORE = 1\n",
        ),
        [],
    ),
    "the label of an estimator": (
        package("estimators/catalogue", 'label="local expectation"', 'label="expectation"'),
        curves("mnist") + heatmaps("mnist") + firing("mnist") + shown("mnist"),
    ),
    "code of the comparisons": (
        package("reporting/comparisons", ":+.2f}", ":+.3f}"),
        compared(*BOTH) + SUMMARY,
    ),
    "code of the noise": (
        package("reporting/noise", "POWER = 0.8", "POWER = 0.9"),
        shown(*BOTH),
    ),
    "code of the other evaluations' table": (
        package("reporting/evaluations", ":.2f}", ":.3f}"),
        evaluated(*BOTH) + SUMMARY,
    ),
    "code of the other evaluations": (
        package("networks/evaluations", "SAMPLES = 16", "SAMPLES = 8"),
        sorted(job for dataset in BOTH for job in evaluate(dataset)) + shown(*BOTH),
    ),
    "code of a sweep": (package("reporting/sweep", ".idxmax()", ".idxmin()"), []),
    "one variant's learning rate": (
        set_value("omniglot", "variants", "binary_fourth", "learning_rate", value=0.002),
        retrained("omniglot", ["binary_fourth"]),
    ),
    "one variant's network": (
        set_value("omniglot", "variants", "binary_fourth", "network", value={"pooling": "stride"}),
        retrained("omniglot", ["binary_fourth"]),
    ),
    **{
        f"one variant's {key}": (
            set_value("omniglot", "variants", "binary_fourth", key, value=value),
            retrained("omniglot", ["binary_fourth"]),
        )
        for key, value in (
            *(("share", 0.5), ("states", "signed"), ("firing_penalty", 0.1)),
            *(("activations", {"conv1": "hard_sigmoid"}), ("distance_scale", "learned")),
        )
    },
    "the epoch that is kept": (
        set_value("omniglot", "training", "keep", value="last_epoch"),
        retrained("omniglot"),
    ),
    "the network of a data set": (
        set_value("omniglot", "network", value={"kernel_size": 5}),
        retrained("omniglot"),
    ),
    "the training of a data set that has no variant": (
        set_value("characters", "training", "epochs", value=3),
        [],
    ),
    "one variant's options": (
        set_value(
            *("mnist", "variants", "stochastic_local_expectation_last", "local_expectation"),
            value={"margin": 0.01},
        ),
        retrained("mnist", ["stochastic_local_expectation_last"]),
    ),
    "an option of another estimator": (
        set_value("mnist", "training", "leave_one_out", value={"samples": 8}),
        [],
    ),
    "a variant not selected": (
        set_value("mnist", "select", value=["no_binary", "*straight*"]),
        curves("mnist") + firing("mnist") + heatmaps("mnist") + WITHOUT_STOCHASTIC,
    ),
    "a data set not selected": (set_value("mnist", "select", value=[]), STORY + SUMMARY),
    "another folder of results, the same replicates": (
        config(lambda c: c.update(results="results/other", replicates="results")),
        [
            job.replace("results/", "results/other/")
            for job in [
                *(job for dataset in BOTH for job in curves(dataset) + firing(dataset)),
                *(job for dataset in BOTH for job in heatmaps(dataset)),
                *shown(*BOTH),
            ]
        ],
    ),
    "what the summary says first": (set_value("about", value="Look."), SUMMARY),
    "code of one training program": (
        code("train_few_shot.py", '"background"', '"evaluation"'),
        retrained("omniglot"),
    ),
    "code of one evaluation program": (
        code("evaluate_classifier.py", "json.dumps(metrics)", "json.dumps(metrics, indent=1)"),
        evaluate("mnist") + shown("mnist"),
    ),
    "code of the heatmaps": (
        package("inspection/heatmaps", "clamp(min=0.0)", "clamp(min=0.1)"),
        [*(job for dataset in BOTH for job in pictures(dataset) + notebooks(dataset)), *SUMMARY],
    ),
    "code of the layers' pictures": (
        package("figures/layers", "GAP = 1", "GAP = 2"),
        [
            *(job for dataset in BOTH for job in pictures(dataset) + notebooks(dataset)),
            *SUMMARY,
        ],
    ),
    "the text of a notebook": (
        rewrite("workflow/notebooks/mnist.ipynb", lambda text: text.replace(b"A look", b"Looks")),
        notebooks("mnist"),
    ),
    "code that just notebooks use": (
        package("inspection/sketches", "SCALE = 8", "SCALE = 4"),
        [job for dataset in BOTH for job in notebooks(dataset)],
    ),
    "an executed notebook deleted": (
        delete("results/omniglot/binary_fourth/notebook.ipynb"),
        notebooks("omniglot"),
    ),
    "code of the errors' picture": (
        package("figures/confusion", "#cccccc", "#dddddd"),
        errors("mnist") + SUMMARY,
    ),
    "code of the web pages": (
        package("reporting/web_pages", "1.5em", "2em"),
        [
            *map(page, TABLES),
            *(job for dataset in BOTH for job in notebook_pages(dataset)),
        ],
    ),
    "code of the result figures": (
        package("figures/results", "inverse(position)", "inverse(place)"),
        [
            *(job for dataset in BOTH for job in curves(dataset)),
            *(f"Draw the accuracies of {dataset}" for dataset in BOTH),
            *(nearest(dataset) for dataset in BOTH),
            *FRONT_PAGE,
            *SUMMARY,
        ],
    ),
    "the style of all figures": (
        package("figures/style", '"font.size": 9', '"font.size": 10'),
        [
            *(job for dataset in BOTH for job in pictures(dataset) + curves(dataset)),
            *(job for dataset in BOTH for job in notebooks(dataset)),
            *(f"Draw the accuracies of {dataset}" for dataset in BOTH),
            *(f"Draw the differences of {dataset}" for dataset in BOTH),
            *errors("mnist"),
            *FRONT_PAGE,
            *SUMMARY,
        ],
    ),
    "code of the tables": (package("reporting/tables", "Best of", "The best of"), shown(*BOTH)),
    "code of the intervals": (package("reporting/intervals", "1.96", "1.97"), shown(*BOTH)),
    "code of the story": (package("reporting/story", ":.2f} %", ":.3f} %"), STORY + SUMMARY),
    "code of the summary": (package("reporting/costs", ":.1f}", ":.2f}"), SUMMARY),
    "a model deleted": (
        delete(SEED.format("mnist", "no_binary", "model.pt")),
        retrained("mnist", ["no_binary"]),
    ),
    "metrics deleted": (
        delete(SEED.format("omniglot", "no_binary", "metrics.json")),
        evaluate("omniglot", ["no_binary"]) + shown("omniglot"),
    ),
    "a picture deleted": (
        delete("results/mnist/no_binary/heatmap.png"),
        ["Draw the pictures of mnist, no_binary", *firing("mnist"), *SUMMARY],
    ),
}


@pytest.mark.parametrize("edit", MATRIX)
def test_an_edit_runs_again_exactly(copy, edit):
    change, expected = MATRIX[edit]
    change(copy)
    assert copy.planned() == sorted(set(expected))


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit", ["code of the tables", "heatmaps", "one variant's slope", "a variant removed"]
)
def test_a_run_after_an_edit_does_just_that(copy, edit):
    change, expected = MATRIX[edit]
    change(copy)
    status, output = copy.run("--cores", "2")
    assert status == 0, output
    assert sorted(JOB.findall(output)) == sorted(set(expected))
    assert copy.planned() == []


def test_the_core_count_and_the_profile_change_nothing(copy):
    assert copy.planned("--cores", "4") == []
    assert copy.planned("--profile", "slurm") == []
    assert copy.planned("--set-resources", "train_mnist:mem_mb=9000") == []


@pytest.mark.slow
def test_results_made_again_the_same_stop_there(copy):
    """A deleted model is trained again to the same bytes; what was made of it stays."""
    model = copy.path(SEED.format("mnist", "no_binary", "model.pt"))
    before = model.read_bytes()
    model.unlink()
    status, output = copy.run("--cores", "1", str(model.relative_to(copy.folder)))
    assert status == 0, output
    assert model.read_bytes() == before
    assert copy.planned() == []


def test_a_checkout_that_moved_is_up_to_date(copy, tmp_path):
    copy.folder = Path(copy.folder.rename(tmp_path / "elsewhere"))
    assert copy.planned() == []
