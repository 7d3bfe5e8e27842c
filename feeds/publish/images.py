"""Articles without their pictures, for where the images policy gives none."""

from typing import TYPE_CHECKING

from feeds.publish.text import legible

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def without_images(content: str) -> str:
    """Sanitised HTML with pictures taken out, and the figures that held nothing else."""
    if "<img" not in content:
        return content
    from lxml import html

    root = html.fragment_fromstring(legible(content), create_parent="div")
    for figure in list(root.iter("figure")):
        if _only_pictures(figure):
            figure.drop_tree()
    for picture in list(root.iter("img")):
        picture.drop_tree()
    text: str = html.tostring(root, encoding="unicode")
    return text.removeprefix("<div>").removesuffix("</div>")


def _only_pictures(figure: "HtmlElement") -> bool:
    captions = "".join(caption.text_content() for caption in figure.iter("figcaption"))
    return figure.find(".//img") is not None and "".join(figure.text_content().split()) == "".join(captions.split())
