"""The study that a configuration asks for: its variants, and the settings of each job.

Settings hold just what can change a job's result, so that an edit of anything else re-runs
nothing.
"""

import json
import os
import re
from pathlib import Path

from binary_activations.data.contents import characters
from binary_activations.estimators.catalogue import CATALOGUE
from binary_activations.study.configuration import DATASETS
from binary_activations.study.tasks import ONE_SHOT_TASK, TASKS, is_few_shot, task_name
from binary_activations.study.variants import variants


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    if type(value) in (int, float) and value == int(value):
        return int(value) if abs(value) < 2**53 else float(value)
    return value


def canonical_json(value):
    """Returns the one text that JSON has for a value: sorted keys, no spaces, 1 for 1.0."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


class Study:
    """What is made of a configuration.

    Args:
        config: a checked configuration.
        published: by data set, then by published study, the names of the variants that have
            published figures.

    Attributes:
        seeds: of the replicates.
        reproduced: the data sets on which every variant of a published study is compared with one
            of this study, if its data are the official ones.
        variants: by data set, then by name, each `variants.Variant`.
        datasets: the data sets that have variants.
        swept: those of them whose learning rates are compared.
        results: the folder of the results.
        replicates: the folder of what is made of one replicate or one variant.
        page: name of the published page: `results`, or `results_control` and so on.
        sweep_page: name of the published page of a sweep: `learning_rates`, where the folder is
            `results/sweep`, or `learning_rates_estimators`, where it is `results/sweep_estimators`.
        resources: the folder of the archives and arrays.
    """

    def __init__(self, config, published=None):
        self.config = config
        self.seeds = config["seeds"]
        self.variants = {dataset: variants(config, dataset) for dataset in DATASETS}
        self.datasets = [dataset for dataset in DATASETS if self.variants[dataset]]
        self.swept = [dataset for dataset in self.datasets if config[dataset].get("sweep")]
        self.reproduced = [
            dataset
            for dataset, studies in (published or {}).items()
            if any(names <= self._compared(dataset) for names in studies.values())
            and self._data_settings(dataset)["origin"] == "official"
        ]
        # Snakemake tells files apart by the text of their paths, so a folder has one spelling.
        self.results = os.path.normpath(config["results"])
        self.replicates = os.path.normpath(config["replicates"] or config["results"])
        parts = [part for part in Path(self.results).parts if part != os.sep]
        self.page = "_".join(["results", *parts[parts[:1] == ["results"] :]])
        of_sweep = self.page.removeprefix("results").removeprefix("_sweep")
        self.sweep_page = f"learning_rates{of_sweep}"
        self.resources = f"resources/{self._data_folder()}"

    def _compared(self, dataset):
        """Returns the names of the published variants that some variant is compared with."""
        return {row.published for row in self.variants[dataset].values()}

    def _data_folder(self):
        """Returns the origin of the data, and the titles of other data."""
        found = [self._data_settings(name) for name in DATASETS]
        own = [data["title"] for data in found if data["origin"] == "other"]
        slugs = [re.sub("[^a-z0-9]+", "-", title.lower()).strip("-") for title in own]
        return "_".join([self.config["data"]["origin"], *slugs])

    def sources(self, section):
        """Returns the sources of a section's archives: folders or base URLs, tried in order.

        Args:
            section: of the configuration's `archives`: a data set, or `one_shot_runs`.
        """
        mirror = self.config["data"]["mirror"]
        return [mirror] if mirror else self.config["archives"][section]["sources"]

    def archives(self, section):
        """Returns the names of a section's archives."""
        return list(self.config["archives"][section]["expected"])

    def expected_digests(self, section):
        """Returns what a section's archives are verified against: nothing for embedded ones."""
        official = self.config["data"]["origin"] == "official"
        return self.config["archives"][section]["expected"] if official else {}

    def has_one_shot_runs(self, dataset):
        """Tells whether a data set is tested on the runs of the original one-shot task too."""
        return is_few_shot(dataset) and self.config[dataset]["one_shot_runs"]

    def training_settings(self, dataset, variant):
        """Returns the settings of a training.

        Returns:
            `dataset`, `device`, `precision`, `units` (`Variant.units`, and for characters the
            number of `classes`), `slope`, `training` (with
            `learning_rate_below`, where the layers up to the last binary one have a rate of their
            own) and, for Omniglot, `validation`.
        """
        row, section = self.variants[dataset][variant], self.config[dataset]
        training = {k: v for k, v in section["training"].items() if k not in CATALOGUE}
        if row.learning_rate is not None:
            training["learning_rate"] = row.learning_rate
        if "learning_rate" in row.options:
            training["learning_rate_below"] = row.options["learning_rate"]
        classes = {"classes": characters(self.config["data"]["origin"])}
        settings = {
            "dataset": dataset,
            "device": self.config["device"],
            "precision": self.config["precision"],
            "units": row.units() | (classes if dataset == "characters" else {}),
            "slope": row.slope,
            "training": training,
        }
        if is_few_shot(dataset):
            settings["validation"] = section["validation"]
        return settings

    def recipe(self, dataset, variant):
        """Returns how a variant is trained, flat, by names for people: those of the settings."""
        settings = self.training_settings(dataset, variant)
        row = self.variants[dataset][variant]
        named = settings["training"] | {"slope": row.slope_schedule}
        named |= {key: value for key, value in row.options.items() if key != "learning_rate"}
        named |= {key: settings[key] for key in ("precision", "device")} | row.recipe(dataset)
        return {key.replace("_", " "): value for key, value in named.items()}

    def device_settings(self):
        """Returns the settings of a test that has none of its own: the `device`."""
        return {"device": self.config["device"]}

    def evaluation_settings(self, dataset):
        """Returns the settings of a test: the `device` and, for Omniglot, `test`."""
        test = {"test": self.config[dataset]["test"]} if is_few_shot(dataset) else {}
        return self.device_settings() | test

    def first_task(self, dataset):
        """Returns the ways and shots of the first test task, which figures show; none of
        classification."""
        keys = ("n_way", "k_shot") if is_few_shot(dataset) else ()
        return {key: self.config[dataset]["test"][key][0] for key in keys}

    def notebook_settings(self, dataset, variant):
        """Returns the settings of a notebook of a variant's first replicate."""
        shown = {"dataset": dataset, "title": self.title(dataset), "variant": variant}
        return shown | {"seed": self.seeds[0]} | self.first_task(dataset)

    def picture_settings(self, dataset, variant):
        """Returns the settings of a variant's pictures: a notebook's and the heatmaps'."""
        return self.notebook_settings(dataset, variant) | self.config["heatmaps"]

    def heatmap_settings(self, dataset):
        """Returns the settings of the heatmaps of all variants.

        They are `dataset`, `title`, `seed` (the first), `variants` (as `compared_settings` has
        them) and those of the configuration's `heatmaps`."""
        shown = {"dataset": dataset, "title": self.title(dataset), "seed": self.seeds[0]}
        shown["variants"] = self.compared_settings(dataset)["variants"]
        return shown | self.config["heatmaps"]

    def title(self, dataset):
        """Returns what results call their data."""
        return self._data_settings(dataset)["title"]

    def _data_settings(self, dataset):
        """Returns the `title` and the `origin` of the data.

        The origin is `official`, `embedded`, or `other` for data with a title of their own;
        embedded data have theirs whatever the title."""
        title, task = self.config[dataset]["title"], TASKS[dataset]
        if self.config["data"]["origin"] == "embedded":
            return {"title": task.embedded_title, "origin": "embedded"}
        return {"title": title, "origin": "official" if title == task.title else "other"}

    def result_settings(self, dataset):
        """Returns the settings of tables and figures.

        Returns:
            `dataset`, its `title` (with the first task's ways and shots), `origin`, `seeds` and
            `variants`. For Omniglot also `tasks`, as the metrics name them. Variants are in the
            order of the table. Each has `name`, `layers`, `mode`, `estimator`, its `label`, the
            `family` that it spreads like, its `options` without the learning rate, the
            `learning_rate` where it has one of its own, `slope` (as text), `activations`, `network`
            (what it has other than those of its data set, as text), `network_at_any_width` (the
            same without its channels), `channels` of its layers and `published`.
        """
        settings = {
            "dataset": dataset,
            **self._data_settings(dataset),
            "seeds": self.seeds,
            "variants": [
                {
                    "name": row.name,
                    "layers": list(row.layers),
                    "mode": row.mode,
                    "estimator": row.estimator,
                    "label": row.label,
                    "family": row.family,
                    "options": {k: v for k, v in row.options.items() if k != "learning_rate"},
                    "learning_rate": row.learning_rate,
                    "slope": row.slope_schedule,
                    "activations": row.activations or {},
                    "network": row.network,
                    "network_at_any_width": row.network_at_any_width,
                    "channels": row.channels(dataset),
                    "published": row.published,
                }
                for row in self.variants[dataset].values()
            ],
        }
        if is_few_shot(dataset):
            test = self.config[dataset]["test"]
            tasks = [
                task_name(n_way, k_shot) for n_way in test["n_way"] for k_shot in test["k_shot"]
            ]
            settings["title"] += f", {tasks[0]}"
            settings["tasks"] = tasks + [ONE_SHOT_TASK] * self.has_one_shot_runs(dataset)
        return settings

    def compared_settings(self, dataset):
        """Returns the `result_settings` of what shows no published figures: without `published`."""
        settings = self.result_settings(dataset)
        for variant in settings["variants"]:
            del variant["published"]
        return settings

    def sweep_settings(self, dataset):
        """Returns the settings of a sweep's figure and table.

        Returns:
            `dataset`, `title`, `seeds`, `keep` (of the training) and `variants`: for each variant
            that is swept its `compared_settings`, with its own `name`, and in `rates` pairs of a
            rate and the copy that has it.
        """
        swept = {}
        for shown in self.compared_settings(dataset)["variants"]:
            name, rate = self.variants[dataset][shown["name"]].swept
            entry = shown | {"name": name, "rates": []}
            swept.setdefault(name, entry)["rates"].append([rate, shown["name"]])
        return {
            "dataset": dataset,
            "title": self.title(dataset),
            "seeds": self.seeds,
            "keep": self.config[dataset]["training"]["keep"],
            "variants": list(swept.values()),
        }

    def published_sweep_settings(self, command):
        """Returns the settings of a sweep's published page: `title` and `about` of the
        configuration, the `command` that makes it, `seeds`, and as `datasets` the `title` and
        `epochs` of each that is swept."""
        return {
            "title": self.config["title"],
            "about": self.config["about"],
            "command": command,
            "seeds": self.seeds,
            "datasets": [
                {"title": self.title(name), "epochs": self.config[name]["training"]["epochs"]}
                for name in self.swept
            ],
        }

    def firing_settings(self, dataset):
        """Returns the `dataset`, `title` and `variants` of `compared_settings`: what the figures of
        firing rates and of representations show, which are of the first seed."""
        settings = self.compared_settings(dataset)
        return {key: settings[key] for key in ("dataset", "title", "variants")}

    def story_settings(self):
        """Returns the `compared_settings` of every data set, as `datasets`."""
        return {"datasets": [self.compared_settings(dataset) for dataset in self.datasets]}

    def reproduction_settings(self):
        """Returns the `result_settings` of the data sets that are reproduced, as `datasets`."""
        return {"datasets": [self.result_settings(dataset) for dataset in self.reproduced]}

    def summary_settings(self):
        """Returns the settings of the summary.

        They are the `result_settings` of every data set, as `datasets`, `title`, `about`,
        `recipes` (of every variant of every data set), `reproduced` and `replicates`, the path from
        the folder of the results to the folder of the replicates."""
        texts = {key: self.config[key] for key in ("title", "about")}
        recipes = {
            dataset: {name: self.recipe(dataset, name) for name in self.variants[dataset]}
            for dataset in self.datasets
        }
        return (
            texts
            | {"datasets": [self.result_settings(dataset) for dataset in self.datasets]}
            | {"recipes": recipes, "reproduced": self.reproduced}
            | {"replicates": self._replicates_from_results()}
        )

    def publication_settings(self, command):
        """Returns the settings of the published page: `story_settings`, the `replicates` of
        `summary_settings`, and the page's `command`."""
        folder = self._replicates_from_results()
        return self.story_settings() | {"replicates": folder, "command": command}

    def _replicates_from_results(self):
        return os.path.relpath(self.replicates, self.results)
