"""The extensions that news feeds use, in any format: Dublin Core, Media RSS, iTunes, places, syndication hints."""

from collections.abc import Mapping

from lxml import etree

from feeds.model import Category, Enclosure, Image, Person
from feeds.parse.constructs import CORE
from feeds.parse.draft import Draft, Handler, keep, keep_html, keep_title, keep_url, number, resolved
from feeds.parse.people import person
from feeds.parse.xml import Names, split, text_of

_MAX_DEPTH = 4  # of media:group and media:content inside each other


def keep_person_line(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a person given as one line of text, with or without markup, or as a construct."""
    if any(split(str(child.tag))[1].lower() in ("name", "email") for child in element):
        CORE["author"](draft, element, name)
    elif (said := person(text_of(element))) is not None:
        draft.name(said, name)


def keep_owner(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the owner of a podcast, whose name and address are iTunes elements themselves."""
    CORE["author"](draft, element, name)


def keep_subject(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a category whose term is the text, as RSS and Dublin Core have it."""
    term = text_of(element)
    if term:
        scheme = element.get("domain") or element.get("scheme")
        draft.categories.setdefault((term, scheme), Category(term=term, scheme=scheme))


def keep_subjects(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the categories inside a wrapper."""
    for child in element.iter("{*}category"):
        keep_subject(draft, child, name)


def keep_topic(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep an iTunes category, which stands in an attribute and may hold narrower ones."""
    for node in element.iter(element.tag):
        term = (node.get("text") or text_of(node)).strip()
        if term:
            draft.categories.setdefault((term, None), Category(term=term))


def keep_keywords(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep keywords between commas; those of pictures are categories only where an item has no others."""
    kept = draft.categories if name == "itunes:keywords" else draft.keywords
    for term in filter(None, map(str.strip, text_of(element).split(","))):
        kept.setdefault((term, None), Category(term=term))


def keep_picture(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a picture whose URL stands in an attribute, in a child `url`, or in the text."""
    child = next((node for node in element if split(str(node.tag))[1].lower() == "url"), None)
    url = element.get("url") or element.get("href") or text_of(element if child is None else child)
    if url and len(url) <= 4000:
        add_image(draft, resolved(draft, element, url.strip()), element)


def add_image(draft: Draft, url: str, element: etree._Element) -> None:
    """Note a picture once, with its size where it is said."""
    width, height = number(element.get("width")), number(element.get("height"))
    known = draft.images.get(url)
    if known is None or (known.width is None and width is not None):
        draft.images[url] = Image(url=url, width=width, height=height, alt=element.get("alt"))


def keep_media(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep media:content, and what stands inside it or inside media:group."""
    _media(draft, element, Names(""), _MAX_DEPTH)


def _media(draft: Draft, element: etree._Element, names: Names, depth: int) -> None:
    _media_file(draft, element)
    for child in element:
        name = names[str(child.tag)]
        if name in ("media:content", "media:group") and depth:
            _media(draft, child, names, depth - 1)
        elif name in _INSIDE_MEDIA:
            _INSIDE_MEDIA[name](draft, child, name)


def _media_file(draft: Draft, element: etree._Element) -> None:
    url = (element.get("url") or "").strip()
    if not url:
        return
    kind = (element.get("type") or "").lower()
    medium = (element.get("medium") or "").lower() or kind.partition("/")[0]
    url = resolved(draft, element, url)
    if medium in ("image", "") and not kind.startswith(("video", "audio")):
        add_image(draft, url, element)
    elif medium in ("video", "audio") and "flash" not in kind:  # a player is no film
        length, seconds = number(element.get("fileSize")), number((element.get("duration") or "").partition(".")[0])
        draft.enclose(Enclosure(url=url, type=element.get("type"), length=length, seconds=seconds))


def keep_credit(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep who made the picture or the text: "media:credit" for anybody, "media:author" for a role that writes."""
    text = text_of(element)
    if text and (element.get("role") or "").lower() in ("author", "writer", "owner") and "/" not in text:
        draft.name(Person(name=text), "itunes:author")
    if text:
        draft.said.setdefault(name, text)


def keep_enclosure(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep an RSS enclosure; https://www.rssboard.org/rss-specification, `enclosure`. There may be several."""
    url = (element.get("url") or element.get("href") or text_of(element)).strip()
    if not url:
        return
    url = resolved(draft, element, url)
    kind = (element.get("type") or "").strip() or None
    draft.enclose(Enclosure(url=url, type=kind, length=number(element.get("length"))))
    if (kind or "").lower().startswith("image/"):
        add_image(draft, url, element)


def keep_inside(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the simple texts of a wrapper: geo:Point, georss:where."""
    for child in element.iter(etree.Element):
        short = _PLACES.get(split(str(child.tag))[1].lower())
        if short and (text := text_of(child)):
            draft.said.setdefault(short, text)


_PLACES = {"lat": "geo:lat", "long": "geo:long", "lon": "geo:long", "pos": "gml:pos"}

_INSIDE_MEDIA: Mapping[str, Handler] = {
    "media:thumbnail": keep_picture,
    "media:credit": keep_credit,
    "media:title": keep_title,
    "media:description": keep_html,
    "media:copyright": keep_html,
    "media:keywords": keep_keywords,
}

_ATOM: Mapping[str, Handler] = {f"atom:{name}": handler for name, handler in CORE.items()}

EXTENSIONS: Mapping[str, Handler] = {
    **_ATOM,
    **_INSIDE_MEDIA,
    **dict.fromkeys(("media:group", "media:content"), keep_media),
    **dict.fromkeys(("dc:date", "dc:language", "dcterms:issued", "dcterms:created", "dcterms:modified"), keep),
    **dict.fromkeys(("georss:point", "georss:featurename", "georss:featurenametag", "geo:lat", "geo:long"), keep),
    **dict.fromkeys(("georss:where", "geo:point"), keep_inside),
    **dict.fromkeys(("dc:title", "dcterms:title", "itunes:title"), keep_title),
    **dict.fromkeys(("dc:description", "dcterms:abstract", "content:encoded"), keep_html),
    **dict.fromkeys(("itunes:summary", "itunes:subtitle", "dc:rights", "dcterms:rights"), keep_html),
    **dict.fromkeys(("xhtml:body", "xhtml:div"), keep_html),
    **dict.fromkeys(("dc:creator", "dc:author", "itunes:author"), keep_person_line),
    **dict.fromkeys(("dc:subject", "media:category"), keep_subject),
    "itunes:category": keep_topic,
    "itunes:keywords": keep_keywords,
    "itunes:owner": keep_owner,
    "itunes:image": keep_picture,
    "itunes:duration": keep,
    "feedburner:origlink": keep_url,
}

FEED_EXTENSIONS: Mapping[str, Handler] = {
    **EXTENSIONS,
    **dict.fromkeys(("sy:updateperiod", "sy:updatefrequency", "language", "ttl"), keep),
    "dc:publisher": keep_person_line,
}
