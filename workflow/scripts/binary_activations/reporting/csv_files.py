"""Tables as files for programs."""

from binary_activations.files import write_atomically


def write_csv(path, table):
    """Writes a data frame as CSV, without its index."""
    write_atomically(path, table.to_csv(index=False, lineterminator="\n"))
