"""Markdown as a page that a browser shows, for the report."""

from html import escape

from markdown_it import MarkdownIt

STYLE = """\
body { font: 14px/1.5 system-ui, sans-serif; color: #222; margin: 1.5em; }
table { border-collapse: collapse; }
th, td { padding: 0.25em 0.8em; text-align: left; border-bottom: 1px solid #e5e5e5; }
th { border-bottom: 2px solid #555; }
code { font-size: 0.95em; }
"""


def web_page(markdown, title):
    """Makes an HTML page of markdown text with tables."""
    return html_page(MarkdownIt("commonmark").enable("table").render(markdown), title, STYLE)


def html_page(body, title, style):
    """Makes an HTML page of a `body`, a `title` and a `style` (CSS)."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )
