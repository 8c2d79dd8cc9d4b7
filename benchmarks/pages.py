"""Pages of the documentation that hold measured tables."""

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def write_between(page, text):
    """Replace what lies between the marks of a page."""
    before, rest = page.read_text().split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")
