"""The files of a study: what rules read and make, and what their targets list."""

from binary_activations.errors import StudyError
from binary_activations.study import paths
from binary_activations.study.tasks import TASKS, is_few_shot
from binary_activations.study.widths import width_series

# By the ending of a table's file name: what the report calls the table.
TABLES = {"": "Table", "_differences": "Differences", "_evaluations": "Evaluations"}

# Captions of the report that the summary shows too, below its pictures.
CAPTIONS = ("published", "accuracy", "differences", "curves", "firing", "representations")
CAPTIONS += ("widths", "confusion", "heatmaps", "heatmap", "episode")


def pictures(settings):
    """Returns the names of the pictures of all variants of a data set, in the summary's order.

    Args:
        settings: `Study.result_settings`.
    """
    names = ["accuracy", "differences"] + ["widths"] * bool(width_series(settings))
    names += ["curves", "firing", "representations"]
    return names + ["confusion"] * TASKS[settings["dataset"]].confusion


class ResultFiles:
    """The files of a study.

    A variant or a seed that is not given is a wildcard, `{variant}` or `{seed}`.

    Args:
        study: a `study.Study`.
    """

    def __init__(self, study):
        self.study = study

    def archives(self, section):
        """Returns the archives of a data set, or those of `one_shot_runs`."""
        return [f"{self.study.resources}/{name}" for name in self.study.archives(section)]

    def needed_archives(self):
        """Returns the archives that the data sets with variants are prepared and tested with."""
        sections = [TASKS[dataset].archives for dataset in self.study.datasets]
        if any(map(self.study.has_one_shot_runs, self.study.datasets)):
            sections.append("one_shot_runs")
        return [path for section in dict.fromkeys(sections) for path in self.archives(section)]

    def arrays(self, dataset):
        """Returns a data set's prepared arrays."""
        return f"{self.study.resources}/{dataset}.npz"

    def replicate(self, dataset, name, variant="{variant}", seed="{seed}"):
        """Returns a file of one replicate."""
        return paths.replicate_file(self.study.replicates, dataset, variant, seed, name)

    def variant(self, dataset, name, variant="{variant}"):
        """Returns a file of one variant."""
        return paths.variant_file(self.study.replicates, dataset, variant, name)

    def table(self, dataset, ending):
        """Returns a table; `ending` is its kind and format."""
        return paths.table_file(self.study.results, dataset, ending)

    def picture(self, dataset, name):
        """Returns a picture of all variants."""
        return paths.dataset_file(self.study.results, dataset, name)

    @property
    def story(self):
        """The study in short."""
        return f"{self.study.results}/story.md"

    @property
    def summary(self):
        """The page of all results."""
        return f"{self.study.results}/summary.md"

    @property
    def reproduction(self):
        """The picture of the published figures, PNG and SVG; empty where the study lacks some."""
        kinds = ("png", "svg") if self.study.reproduced else ()
        return [f"{self.study.results}/published.{kind}" for kind in kinds]

    @property
    def front_page(self):
        """The front page of the report."""
        return f"{self.study.results}/front_page.rst"

    @property
    def front_picture(self):
        """The picture on it: of the published figures, or the accuracies of the first data set."""
        return (self.reproduction or [self.picture(self.study.datasets[0], "accuracy.png")])[0]

    def replicates(self, dataset, name):
        """Returns a file of every replicate of every variant."""
        return [
            self.replicate(dataset, name, variant, seed)
            for variant in self.study.variants[dataset]
            for seed in self.study.seeds
        ]

    def first_models(self, dataset):
        """Returns the model of every variant's first replicate, which pictures show."""
        seed = self.study.seeds[0]
        return [
            self.replicate(dataset, "model.pt", variant, seed)
            for variant in self.study.variants[dataset]
        ]

    def variants(self, dataset, name):
        """Returns a file of every variant."""
        return [self.variant(dataset, name, variant) for variant in self.study.variants[dataset]]

    def metrics(self, *datasets):
        """Returns the test metrics of every replicate of every variant."""
        found = []
        for dataset in datasets:
            found += self.replicates(dataset, "metrics.json")
            if self.study.has_one_shot_runs(dataset):
                found += self.replicates(dataset, "one_shot.json")
        return found

    def outcomes(self, *datasets):
        """Returns the test metrics and the history of every replicate of every variant."""
        found = self.metrics(*datasets)
        for dataset in datasets:
            found += self.replicates(dataset, "history.csv")
        return found

    def notebooks(self, dataset):
        """Returns the notebooks made by default: of the first variant with a binary layer, where
        there is one of its data set."""
        if not TASKS[dataset].notebook:
            return []
        binary = [name for name, row in self.study.variants[dataset].items() if row.layers]
        names = ("notebook.ipynb", "notebook.html")
        return [self.variant(dataset, name, variant) for variant in binary[:1] for name in names]

    def tables(self, dataset, kind):
        """Returns the tables of a data set, in one format; other evaluations are of stochastic
        units alone."""
        modes = {row.mode for row in self.study.variants[dataset].values()}
        endings = [name for name in TABLES if name != "_evaluations" or "stochastic" in modes]
        return [self.table(dataset, f"{ending}.{kind}") for ending in endings]

    def shown(self, *datasets):
        """Returns the tables and pictures of data sets that the summary shows."""
        found = []
        for dataset in datasets:
            few_shot = is_few_shot(dataset)
            found += self.tables(dataset, "md") + self.tables(dataset, "csv")
            found += [
                self.picture(dataset, f"{name}.{kind}")
                for name in pictures(self.study.result_settings(dataset))
                for kind in ("png", "svg")
            ]
            found.append(self.picture(dataset, "heatmaps"))
            for name in ["heatmap.png"] + ["episode.png"] * few_shot:
                found += self.variants(dataset, name)
        return found

    def sweep(self, *names):
        """Returns files of a sweep over learning rates, of each data set that has one.

        Raises:
            StudyError: where the configuration has none.
        """
        if not self.study.swept:
            raise StudyError("sweep: no data set has one; use --configfile config/sweep.yaml")
        return [self.picture(dataset, name) for dataset in self.study.swept for name in names]

    def targets(self, dataset):
        """Returns all that is made of a data set, so that whatever is missing is made again.

        Raises:
            StudyError: where the configuration has none of its variants.
        """
        if dataset not in self.study.datasets:
            raise StudyError(f"{dataset}: no variant is left by {dataset}.select")
        return [
            *self.shown(dataset),
            *self.tables(dataset, "html"),
            *self.variants(dataset, "layers"),
            *self.notebooks(dataset),
            *self.replicates(dataset, "model.pt"),
            *self.outcomes(dataset),
        ]
