"""Writes the front page of the report: the study in short, above a picture."""

from binary_activations import command_line
from binary_activations.files import write_atomically
from binary_activations.reporting.front_page import front_page


def main():
    parser = command_line.parser(__doc__)
    command_line.path_option(parser, "story", "the study in short")
    command_line.path_option(parser, "picture", "the picture, PNG")
    parser.add_argument("--caption", required=True, help="of the picture")
    command_line.path_option(parser, "page", "the page, RST (written)")
    arguments = parser.parse_args()
    story = arguments.story.read_text(encoding="utf-8")
    page = front_page(story, arguments.picture.read_bytes(), arguments.caption)
    write_atomically(arguments.page, page)


if __name__ == "__main__":
    command_line.run(main)
