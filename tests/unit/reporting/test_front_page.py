"""The front page of the report."""

from base64 import b64encode

from docutils.core import publish_parts

from binary_activations.reporting.front_page import front_page


def test_the_front_page_holds_its_picture():
    picture = bytes(range(256)) * 100  # more than docutils takes in one line
    text = front_page("**What?** This.\n", picture, "What it shows")
    body = publish_parts(text, writer="html")["body"]
    assert "<strong>What?</strong> This." in body
    assert f'src="data:image/png;base64,{b64encode(picture).decode()}"' in body
    assert 'alt="What it shows"' in body
