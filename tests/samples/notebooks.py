"""A notebook of two cells."""

import json

CELLS = [
    {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title"]},
    {
        **{"cell_type": "code", "id": "b", "metadata": {}, "source": ["1 + 1\n", "2"]},
        **{"execution_count": 1, "outputs": []},
    },
]


def notebook(cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
