"""An executed notebook as a page that a browser shows, for the report."""

import nbformat
from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter

from binary_activations.reporting.web_pages import STYLE, html_page

# The style of cells. The exporter's own has 200 kB and makes them look like an editor.
CELLS = """\
body { max-width: 60em; }
pre { font-size: 12px; line-height: 1.35; overflow-x: auto; }
.input pre { background: #f6f6f6; padding: 0.6em; }
img { max-width: 100%; }
"""


def notebook_page(text, title):
    """Makes an HTML page of a notebook; the same cells and outputs give the same bytes.

    Args:
        text: the executed notebook, as its file has it.
        title: of the page.
    """
    notebook = nbformat.reads(text, nbformat.NO_CONVERT)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # papermill's own are drawn at random
    exporter = HTMLExporter(
        template_name="basic",
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    body = exporter.from_notebook_node(notebook)[0]
    return html_page(body, title, STYLE + CELLS + HtmlFormatter().get_style_defs(".highlight"))
