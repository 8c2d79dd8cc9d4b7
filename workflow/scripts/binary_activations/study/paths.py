"""Where results lie, below their folder: one file layout for rules and programs."""


def replicate_file(folder, dataset, variant, seed, name):
    """Returns a file of a replicate: `model.pt`, `history.csv`, `metrics.json`, `one_shot.json`."""
    return f"{folder}/{dataset}/{variant}/seed{seed}/{name}"


def variant_file(folder, dataset, variant, name):
    """Returns a file of one variant: a picture, a table or a notebook."""
    return f"{folder}/{dataset}/{variant}/{name}"


def dataset_file(folder, dataset, name):
    """Returns what is made of all variants of a data set: a picture, the folder `heatmaps`, or
    the table of a sweep."""
    return f"{folder}/{dataset}/{name}"


def table_file(folder, dataset, ending):
    """Returns a table of a data set; `ending` is its kind and format: `.md`, `_differences.csv`."""
    return f"{folder}/tables/{dataset}{ending}"


def log_file(folder, job):
    """Returns the log of a job; `job` is its name, such as `mnist/curves`."""
    return f"{folder}/logs/{job}.log"


def benchmark_file(folder, job):
    """Returns the file of a job's time and memory, which Snakemake measures."""
    return f"{folder}/benchmarks/{job}.tsv"


def folder_above(path, expected, folder):
    """Returns the folder of results, as a job sees it.

    An executor without a shared file system puts folders of its own before each path.

    Args:
        path: a file, as the job sees it.
        expected: the same file, as the rules name it; it lies in the folder.
        folder: as the rules name it.

    Raises:
        ValueError: where the path does not end as expected.
    """
    if not str(path).endswith(expected):
        raise ValueError(f"{path}: does not end in {expected}")
    return str(path).removesuffix(expected) + folder
