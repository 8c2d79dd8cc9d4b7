"""The front page of the report."""

import base64

# Snakemake centres what stands on the front page, so the top of a long text would be out of reach.
FROM_THE_TOP = """\
.. raw:: html

   <style>.h-screen.items-center { align-items: flex-start; }</style>"""


def front_page(story, picture, caption):
    """Makes the report's front page: the story, and a picture that the page holds itself.

    Args:
        story: text of `story.story`.
        picture: bytes of a PNG.
        caption: of the picture.

    Returns:
        reStructuredText.
    """
    # Docutils refuses long lines, and joins those of a picture's address.
    data = base64.encodebytes(picture).decode("ascii").strip().replace("\n", "\n   ")
    figure = f".. image:: data:image/png;base64,\n   {data}\n   :width: 100%\n   :alt: {caption}"
    return "\n\n".join([FROM_THE_TOP, story.strip(), figure, f"*{caption}*"]) + "\n"
