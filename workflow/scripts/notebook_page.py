"""Makes a page that a browser shows of an executed notebook."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.notebook_pages import notebook_page


def main():
    parser = command_line.parser(__doc__)
    command_line.path_option(parser, "notebook", "the executed notebook")
    command_line.path_option(parser, "page", "the page, HTML (written)")
    arguments = parser.parse_args()
    text = arguments.notebook.read_text(encoding="utf-8")
    write_atomically(arguments.page, notebook_page(text, arguments.notebook.parent.name))


if __name__ == "__main__":
    command_line.run(main)
