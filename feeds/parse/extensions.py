"""The extensions that news feeds use, in any format: Dublin Core, Media RSS, podcasts, places, syndication hints."""

from collections.abc import Mapping

from lxml import etree

from feeds.model import Category, Enclosure, Person
from feeds.parse import places
from feeds.parse.constructs import CORE
from feeds.parse.draft import Draft, Handler, keep, keep_html, keep_title, keep_url, number, resolved
from feeds.parse.media import INSIDE_MEDIA, add_image, keep_keywords, keep_media, keep_picture
from feeds.parse.people import person
from feeds.parse.xml import split, text_of

_MAKERS = ("", "host", "co-host", "guest host", "author", "reporter", "writer", "editor")  # not guests, not the crew


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
    """Keep a category whose term is the text, as RSS and Dublin Core have it, or stands as in Atom."""
    term = text_of(element) or (element.get("term") or "").strip()
    if term:
        scheme, label = element.get("domain") or element.get("scheme"), element.get("label")
        if label:  # RSS may have given the label alone, in its own category
            known = (label, scheme) if (label, scheme) in draft.categories else (term, scheme)
            draft.categories[known] = Category(term=term, scheme=scheme, label=label)
        else:
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


def keep_podcaster(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a podcast:person who makes the episode."""
    text = text_of(element)
    if text and (element.get("role") or "").strip().lower() in _MAKERS:
        draft.name(Person(name=text, uri=element.get("href")), name)


def keep_cover(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the picture of an iTunes link, as podcasts gave it before itunes:image was there."""
    if (element.get("rel") or "").strip().lower() == "image":
        keep_picture(draft, element, name)


def keep_place(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the simple texts of a wrapper: geo:Point, georss:where."""
    for child in element.iter(etree.Element):
        short = places.INSIDE.get(split(str(child.tag))[1].lower())
        if short and (text := text_of(child)):
            draft.said.setdefault(short, text)


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


_ATOM: Mapping[str, Handler] = {f"atom:{name}": handler for name, handler in CORE.items()}


def keep_transcript(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a transcript as a file beside the recording: the first, for the others are the same in other formats."""
    url = (element.get("url") or "").strip()
    if url and draft.transcript is None:
        draft.transcript = Enclosure(url=resolved(draft, element, url), type=element.get("type"))


EXTENSIONS: Mapping[str, Handler] = {
    **_ATOM,
    **INSIDE_MEDIA,
    **dict.fromkeys(("media:group", "media:content"), keep_media),
    **dict.fromkeys(("dc:date", "dc:language", "dcterms:issued", "dcterms:created", "dcterms:modified"), keep),
    **dict.fromkeys((*places.SHAPES, *places.NAMES, "geo:lat", "geo:long"), keep),
    **dict.fromkeys(("georss:where", "geo:point"), keep_place),
    **dict.fromkeys(("dc:title", "dcterms:title", "itunes:title"), keep_title),
    **dict.fromkeys(("dc:description", "dcterms:abstract", "content:encoded"), keep_html),
    **dict.fromkeys(("itunes:summary", "itunes:subtitle", "dc:rights", "dcterms:rights"), keep_html),
    **dict.fromkeys(("xhtml:body", "xhtml:div"), keep_html),
    **dict.fromkeys(("dc:creator", "dc:author", "dcterms:creator", "itunes:author"), keep_person_line),
    **dict.fromkeys(("dc:subject", "dcterms:subject", "media:category"), keep_subject),
    "podcast:person": keep_podcaster,
    "podcast:transcript": keep_transcript,
    "itunes:category": keep_topic,
    "itunes:keywords": keep_keywords,
    "itunes:owner": keep_owner,
    "itunes:image": keep_picture,
    "itunes:link": keep_cover,
    "itunes:duration": keep,
    **dict.fromkeys(("feedburner:origlink", "feedburner:origenclosurelink"), keep_url),
}

FEED_EXTENSIONS: Mapping[str, Handler] = {
    **EXTENSIONS,
    **dict.fromkeys(("sy:updateperiod", "sy:updatefrequency", "language", "ttl"), keep),
    "dc:publisher": keep_person_line,
}
