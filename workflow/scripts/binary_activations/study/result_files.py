"""The files that a study is made of: what rules read and make, and what their targets list."""

from binary_activations.study import paths
from binary_activations.study.tasks import is_few_shot

# The tables of a data set: what follows its name in the file's, and what the report calls each.
TABLES = {"": "Table", "_differences": "Differences"}


class ResultFiles:
    """The files of a study.

    Names may be wildcards: `{variant}` and `{seed}` stand for those of any replicate.

    Args:
        study: a `study.Study`.
    """

    def __init__(self, study):
        self.study = study

    def archives(self, dataset):
        """A data set's archives."""
        return [f"{self.study.resources}/{name}" for name in self.study.archives(dataset)]

    def arrays(self, dataset):
        """A data set's prepared arrays."""
        return f"{self.study.resources}/{dataset}.npz"

    def replicate(self, dataset, name, variant="{variant}", seed="{seed}"):
        """A file of one replicate."""
        return paths.replicate_file(self.study.replicates, dataset, variant, seed, name)

    def variant(self, dataset, name, variant="{variant}"):
        """A file of one variant."""
        return paths.variant_file(self.study.replicates, dataset, variant, name)

    def replicates(self, dataset, name):
        """A file of every replicate of every variant."""
        return [
            self.replicate(dataset, name, variant, seed)
            for variant in self.study.variants[dataset]
            for seed in self.study.seeds
        ]

    def variants(self, dataset, name):
        """A file of every variant."""
        return [self.variant(dataset, name, variant) for variant in self.study.variants[dataset]]

    def metrics(self, *datasets):
        """The test metrics of every replicate of every variant."""
        found = []
        for dataset in datasets:
            found += self.replicates(dataset, "metrics.json")
            if self.study.has_one_shot_runs(dataset):
                found += self.replicates(dataset, "one_shot.json")
        return found

    def notebooks(self, dataset):
        """The notebooks that are made by default: of the first variant with a binary layer."""
        binary = [name for name, row in self.study.variants[dataset].items() if row.layers]
        names = ("notebook.ipynb", "notebook.html")
        return [self.variant(dataset, name, variant) for variant in binary[:1] for name in names]

    def tables(self, dataset, kind):
        """The tables of a data set, in one format."""
        return [paths.table_file(self.study.results, dataset, f"{end}.{kind}") for end in TABLES]

    def shown(self, *datasets):
        """The tables and pictures of data sets that the summary shows."""
        found = []
        for dataset in datasets:
            few_shot = is_few_shot(dataset)
            pictures = ["curves", "accuracy", "firing"] + ["confusion"] * (not few_shot)
            found += self.tables(dataset, "md") + self.tables(dataset, "csv")
            found += [
                paths.dataset_file(self.study.results, dataset, f"{name}.png") for name in pictures
            ]
            for name in ["heatmap.png"] + ["episode.png"] * few_shot:
                found += self.variants(dataset, name)
        return found

    def targets(self, dataset):
        """All that is made of a data set, if any; whatever is missing of it is made again."""
        if dataset not in self.study.datasets:
            return []
        return [
            *self.shown(dataset),
            *self.tables(dataset, "html"),
            *self.variants(dataset, "layers"),
            *self.notebooks(dataset),
            *self.replicates(dataset, "model.pt"),
            *self.replicates(dataset, "history.csv"),
            *self.metrics(dataset),
        ]
