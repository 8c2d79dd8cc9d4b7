"""The front page of the report."""

from docutils.core import publish_parts

from binary_activations.reporting.front_page import front_page


def test_the_front_page_holds_its_picture():
    text = front_page("**What?** This.\n", b"\x89PNG", "What it shows")
    body = publish_parts(text, writer="html")["body"]
    assert "<strong>What?</strong> This." in body
    assert 'src="data:image/png;base64,iVBORw=="' in body
    assert 'alt="What it shows"' in body
