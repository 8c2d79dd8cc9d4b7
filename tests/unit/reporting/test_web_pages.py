"""Pages of the report."""

from binary_activations.reporting.web_pages import web_page


def test_web_pages_show_tables():
    text = web_page("| a | b |\n|:--|:--|\n| `x` | **1 & 2** |\n", "a < b")
    assert "<title>a &lt; b</title>" in text
    assert "<th" in text and "<code>x</code>" in text and "<strong>1 &amp; 2</strong>" in text
