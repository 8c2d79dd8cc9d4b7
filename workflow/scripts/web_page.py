"""Makes a page that a browser shows of a table for people."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.web_pages import web_page


def main():
    parser = command_line.parser(__doc__)
    command_line.path_option(parser, "markdown", "the table, markdown")
    command_line.path_option(parser, "page", "the page, HTML (written)")
    arguments = parser.parse_args()
    text = arguments.markdown.read_text(encoding="utf-8")
    write_atomically(arguments.page, web_page(text, arguments.markdown.stem))


if __name__ == "__main__":
    command_line.run(main)
