"""Pages of the report."""

from docutils.core import publish_parts

from binary_activations.reporting.web_pages import front_page, web_page


def test_web_pages_show_tables():
    text = web_page("| a | b |\n|:--|:--|\n| `x` | **1 & 2** |\n", "a < b")
    assert "<title>a &lt; b</title>" in text
    assert "<th" in text and "<code>x</code>" in text and "<strong>1 &amp; 2</strong>" in text


def test_the_front_page_holds_its_picture():
    text = front_page("**What?** This.\n", b"\x89PNG", "What it shows")
    body = publish_parts(text, writer_name="html")["body"]
    assert "<strong>What?</strong> This." in body
    assert 'src="data:image/png;base64,iVBORw=="' in body
    assert 'alt="What it shows"' in body
