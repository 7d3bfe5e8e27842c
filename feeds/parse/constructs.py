"""The constructs of Atom 1.0 (RFC 4287) and 0.3, wherever they stand: in Atom itself or as an extension of RSS."""

import base64
import re
from collections.abc import Mapping

from lxml import etree

from feeds.model import Category, Enclosure, Person, Text, Via
from feeds.parse.draft import Draft, Handler, fill, keep, keep_url, number, rebase, resolved
from feeds.parse.xml import XML_LANG, Names, split, text_of, xhtml_of

_TEXT_TYPES = frozenset({"text", "text/plain", "plain", ""})
# Content in CDATA whose type was forgotten: without a type it is text (RFC 4287, section 4.1.3.1), which nobody means.
_MARKUP = re.compile(r"<(p|div|h[1-6]|ul|ol|table|figure|article|section|blockquote)\b[^<>]*+>.*</\1\s*>", re.S)
_RELATION = "http://www.iana.org/assignments/relation/"


def text_construct(element: etree._Element, *, is_content: bool) -> Text:
    """A text or content construct of either version; RFC 4287, sections 3.1 and 4.1.3, and the draft of Atom 0.3."""
    kind = (element.get("type") or "").strip().lower()
    mode = (element.get("mode") or "").strip().lower()
    if len(element) or (kind in ("xhtml", "application/xhtml+xml") and mode != "escaped" and mode != "base64"):
        return Text(value=xhtml_of(element), type="xhtml")
    value = (element.text or "").strip()
    if not kind and not mode and is_content and value.startswith("<") and _MARKUP.match(value):
        return Text(value=value, type="html")
    binary = _is_encoded(kind) and (is_content or kind == "application/octet-stream")
    if mode == "base64" or (not mode and binary):
        return _decoded(value, kind)
    return Text(value=value, type="text" if kind in _TEXT_TYPES or (not is_content and _is_encoded(kind)) else "html")


def _is_encoded(kind: str) -> bool:
    """Neither text nor XML: the content is base64; RFC 4287, section 4.1.3.3."""
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _decoded(value: str, kind: str) -> Text:
    try:
        value = base64.b64decode(value, validate=False).decode()
    except ValueError:  # no base64, no ASCII, no text
        return Text(value="" if _is_encoded(kind) else value, type="text" if kind in _TEXT_TYPES else "html")
    return Text(value=value.strip(), type="text" if kind in _TEXT_TYPES else "html")


def keep_construct(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a text construct, and the base of its links."""
    if name not in draft.texts and (text := text_construct(element, is_content=name.endswith("content"))).value:
        draft.texts[name] = text
        rebase(draft, element, name)
        if name == "title":  # some say it nowhere else
            draft.language = draft.language or element.get(XML_LANG)


def keep_content(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the content; what lies elsewhere (`src`) is a link, if there is no better one."""
    if source := element.get("src"):
        draft.links.setdefault("src", resolved(draft, element, source))
    draft.language = element.get(XML_LANG) or draft.language
    keep_construct(draft, element, name)


def keep_id(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the id; one that is a web address serves as the link of an entry without any."""
    keep(draft, element, name)
    draft.permalink = draft.said.get(name, "").startswith(("http://", "https://"))


def keep_person(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a person construct; text alone is the name."""
    parts = {split(str(child.tag))[1].lower(): text_of(child) or None for child in element}
    said = Person(
        name=parts.get("name") or (None if parts else text_of(element) or None),
        email=parts.get("email"),
        uri=parts.get("uri") or parts.get("url") or parts.get("homepage"),
    )
    if said.name or said.email or said.uri:
        draft.name(said, name)


def keep_link(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a link by its relation; RFC 4287, section 4.2.7. Among alternates a page goes before anything else."""
    href = element.get("href") or text_of(element)
    if not href:
        return
    href = resolved(draft, element, href.strip())
    kind = (element.get("type") or "").strip().lower()
    relation = (element.get("rel") or "alternate").strip().lower().removeprefix(_RELATION)
    if relation == "enclosure":
        length = number(element.get("length"))
        draft.enclose(Enclosure(url=href, type=element.get("type"), length=length, title=element.get("title")))
    elif relation == "alternate" and kind in ("", "text/html", "application/xhtml+xml"):
        draft.links.setdefault("page", href)
    elif relation != "replies" or "html" in kind or not kind:
        draft.links.setdefault(relation, href)


def keep_category(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a category; text alone is the term."""
    term = (element.get("term") or text_of(element) or element.get("label") or "").strip()
    if term:
        category = Category(term=term, scheme=element.get("scheme"), label=element.get("label"))
        draft.categories.setdefault((term, category.scheme), category)


def keep_source(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep where the entry was taken from; RFC 4287, section 4.2.11."""
    inside = fill(Draft(base=draft.base), element, Names(str(element.tag)), CORE)
    title = inside.texts.get("title")
    url = inside.link() or inside.links.get("self")
    if title or url:
        draft.via = draft.via or Via(title=title.value if title else text_of(element) or None, url=url)
    if "author" in inside.people:
        draft.people.setdefault("source", inside.people["author"])


CORE: Mapping[str, Handler] = {
    **dict.fromkeys(("title", "summary", "subtitle", "tagline", "rights", "copyright", "info"), keep_construct),
    **dict.fromkeys(("published", "issued", "updated", "modified", "created", "generator"), keep),
    **dict.fromkeys(("logo", "icon"), keep_url),
    "id": keep_id,
    "content": keep_content,
    "author": keep_person,
    "link": keep_link,
    "category": keep_category,
    "source": keep_source,
}
