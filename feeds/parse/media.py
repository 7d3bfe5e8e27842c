"""Media RSS: pictures and films, and what is said of them; https://www.rssboard.org/media-rss."""

from collections.abc import Mapping

from lxml import etree

from feeds.model import Category, Enclosure, Image, Person, Text
from feeds.normalise.markup import to_text
from feeds.parse.draft import ADULT, Draft, Handler, keep_html, keep_title, number, resolved
from feeds.parse.xml import Names, split, text_of

_MAX_DEPTH = 4  # of media:group and media:content inside each other
_WRITERS = ("author", "writer", "owner")
_FILES = ("video", "audio", "document", "executable", "application")


def keep_picture(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a picture whose URL stands in an attribute, in a child `url`, or in the text."""
    child = next((node for node in element if split(str(node.tag))[1].lower() == "url"), None)
    url = element.get("url") or element.get("href") or text_of(element if child is None else child)
    if url and len(url) <= 4000:
        add_image(draft, resolved(draft, element, url.strip()), element)


def add_image(draft: Draft, url: str, element: etree._Element) -> None:
    """Note a picture once, with its size where it is said."""
    width, height, alt = number(element.get("width")), number(element.get("height")), element.get("alt")
    known = draft.images.get(url)
    if known is None:
        draft.images[url] = Image(url=url, width=width, height=height, alt=alt)
    elif known.width is None and width is not None:
        draft.images[url] = Image(url=url, width=width, height=height, alt=known.alt or alt, credit=known.credit)


def keep_media(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep media:content, and what stands inside it or inside media:group."""
    _media(draft, element, Names(""), _MAX_DEPTH)


def _media(draft: Draft, element: etree._Element, names: Names, depth: int) -> list[str]:
    """The pictures that stand here, by URL; what is said beside them is said of all of them."""
    urls = _file(draft, element)
    picture = bool(urls) and urls[0] in draft.images
    said: dict[str, str] = {}
    for child in element:
        name = names[str(child.tag)]
        if name in ("media:content", "media:group") and depth:
            urls += _media(draft, child, names, depth - 1)
        elif name in INSIDE_MEDIA:
            said.setdefault(name, _plain(child) if name == "media:description" else text_of(child))
            if not (picture and name == "media:description"):  # a caption is no summary
                INSIDE_MEDIA[name](draft, child, name)
    if said:
        for url in urls:
            _describe(draft, url, said)
    return urls


def _file(draft: Draft, element: etree._Element) -> list[str]:
    """Keep what an element itself points to; its URL when it is a picture or an enclosure."""
    url = (element.get("url") or "").strip()
    if not url:
        return []
    kind = (element.get("type") or "").lower()
    medium = (element.get("medium") or "").lower() or kind.partition("/")[0]
    if kind.startswith(("video/", "audio/")):  # Mastodon calls its short films images
        medium = kind[:5]
    url = resolved(draft, element, url)
    if medium in ("image", ""):
        add_image(draft, url, element)
    elif medium in _FILES and "flash" not in kind and "xhtml" not in kind:  # a player is no film
        length, seconds = number(element.get("fileSize")), number((element.get("duration") or "").partition(".")[0])
        draft.enclose(Enclosure(url=url, type=element.get("type"), length=length, seconds=seconds))
    return [url]


def _describe(draft: Draft, url: str, said: Mapping[str, str]) -> None:
    image = draft.images.get(url)
    if image is not None:
        alt = image.alt or said.get("media:description") or None
        credit = image.credit or said.get("media:credit") or None
        draft.images[url] = Image(url=url, width=image.width, height=image.height, alt=alt, credit=credit)
    elif url in draft.enclosures and said.get("media:title"):
        draft.enclose(Enclosure(url=url, title=said["media:title"]))


def _plain(element: etree._Element) -> str:
    """The plain text; "plain" is the default, but feeds put markup in all the same."""
    text = text_of(element)
    if element.get("type") == "plain" or not ("<" in text or "&" in text):
        return text
    return to_text(Text(value=text, type="html"))


def keep_credit(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep who made the picture or the text: "media:credit" for anybody, "media:author" for a role that writes."""
    text = text_of(element)
    if text and (element.get("role") or "").lower() in _WRITERS and "/" not in text:
        draft.name(Person(name=text), "itunes:author")
    if text:
        draft.said.setdefault(name, text)


def keep_keywords(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep keywords between commas; those of pictures are categories only where an item has no others."""
    kept = draft.categories if name == "itunes:keywords" else draft.keywords
    for term in filter(None, map(str.strip, text_of(element).split(","))):
        kept.setdefault((term, None), Category(term=term))


def keep_rating(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep that something is for adults; that it is for everybody is no news."""
    text, scheme = text_of(element).lower(), element.get("scheme") or ADULT.scheme
    if (text, scheme) == ("adult", ADULT.scheme) or (name == "media:adult" and text == "true"):
        draft.said["media:rating"] = text


INSIDE_MEDIA: Mapping[str, Handler] = {
    "media:thumbnail": keep_picture,
    "media:credit": keep_credit,
    "media:title": keep_title,
    "media:description": keep_html,
    "media:copyright": keep_html,
    "media:keywords": keep_keywords,
    **dict.fromkeys(("media:rating", "media:adult"), keep_rating),
}
