"""schema.org's vocabulary as JSON-LD writes it into pages: https://schema.org/NewsArticle, ItemList, WebPage.

Own code beside extruct, which brings an RDF stack along (rdflib, html5lib), gives a page up at its first broken
block, and leaves the choice of the right node to its caller, which is the most of the work.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lxml import etree

from feeds.model import Image, Person, Text
from feeds.normalise.markup import chars, line
from feeds.parse.encoding import paired
from feeds.parse.page.said import Said

Json = dict[str, Any]

_MOST_BLOCKS = 50
_MOST_BYTES = 1024 * 1024  # of one block
_MOST_NODES = 20_000
_MOST_LIST = 200

_WRAPPING = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:(?:/[/*]\s*)?\]\]>(?:\s*\*/)?|-->|;)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_RAW_BREAK = re.compile(r"[\x00-\x1f]")

_ARTICLES = frozenset(
    {"blogposting", "liveblogposting", "report", "socialmediaposting", "discussionforumposting", "recipe"}
)
_LISTS = frozenset({"itemlist", "collectionpage", "searchresultspage", "blog", "datafeed"})
_PAGES = frozenset({"webpage", "itempage", "aboutpage", "medicalwebpage", "qapage", "faqpage"})
# What a node holds that is another's matter: an article in there is not the page's own.
_ELSEWHERE = frozenset(
    "itemlistelement haspart ispartof mentions citation relatedlink significantlink comment review isbasedon about "  # noqa: SIM905
    "video blogpost suggestedanswer workexample subjectof publisher author sourceorganization breadcrumb".split()
)


class Node(NamedTuple):
    """An object with a type, and where it stood: None at the top, else the last key that leads elsewhere."""

    said: Json
    inside: str | None = None


def blocks(root: etree._Element) -> list[Any]:
    """The JSON of all blocks that can be read."""
    found: list[Any] = []
    for script in list(root.iter("script"))[:2000]:
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        if kind == "application/ld+json" and len(found) < _MOST_BLOCKS:
            value = load(script.text or "")
            if value is not None:
                found.append(value)
    return found


def load(text: str) -> Any:
    """The value of a block, mended where people usually break it; None for what cannot be read."""
    text = paired(_WRAPPING.sub("", _WRAPPING.sub("", text[:_MOST_BYTES])).strip())
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", _RAW_BREAK.sub(" ", text)), html.unescape(text)):
        try:
            return json.JSONDecoder(strict=False, parse_int=str, parse_constant=lambda _: None).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def nodes(values: Sequence[Any]) -> list[Node]:
    """Every object of these values, in their order; graphs and lists are taken apart, nothing is followed twice."""
    found: list[Node] = []
    stack: list[tuple[Any, str | None]] = [(value, None) for value in reversed(values)]
    seen = 0
    while stack and seen < _MOST_NODES:
        value, inside = stack.pop()
        seen += 1
        if isinstance(value, dict):
            if "@type" in value or "@id" in value:
                found.append(Node(value, inside))
            for key, child in reversed(value.items()):
                if isinstance(child, dict | list):
                    stack.append((child, key.lower() if key.lower() in _ELSEWHERE else inside))
        elif isinstance(value, list):
            stack.extend((child, inside) for child in reversed(value[:_MOST_NODES]) if isinstance(child, dict | list))
    return found


def types(said: Json) -> frozenset[str]:
    """The types of an object in lower case, without the vocabulary's address."""
    value = said.get("@type")
    listed = value if isinstance(value, list) else [value]
    return frozenset(str(one).rstrip("/").rpartition("/")[2].rpartition(":")[2].lower() for one in listed[:20] if one)


def is_article(said: Json) -> bool:
    """Whether an object is an article of any sort."""
    return any(one.endswith("article") or one in _ARTICLES for one in types(said))


def is_list(said: Json) -> bool:
    """Whether an object is a list of pages."""
    return not types(said).isdisjoint(_LISTS)


def is_page(said: Json) -> bool:
    """Whether an object is the page itself, of which less is known than of an article."""
    return not types(said).isdisjoint(_PAGES)


class Reader:
    """Reads articles out of objects; `known` are the objects by `@id`, for those that only point to another."""

    def __init__(self, found: Sequence[Node]) -> None:
        self._known: dict[str, Json] = {}
        for node in found:
            name = node.said.get("@id")
            if isinstance(name, str) and len(node.said) > len(self._known.get(name, {"@id": ""})):
                self._known[name] = node.said

    def article(self, said: Json) -> Said:
        """What an object says of an article."""
        body = _text(said.get("articleBody")) or _text(said.get("text"))
        return Said(
            title=_line(said.get("headline")) or _line(said.get("name")),
            link=self.link(said),
            summary=_line(said.get("description")) or _line(said.get("abstract")),
            content=Text(value=body, type="html" if "</" in body or "<br" in body else "text") if body else None,
            published=_line(said.get("datePublished"))
            or _line(said.get("dateCreated"))
            or _line(said.get("uploadDate")),
            updated=_line(said.get("dateModified")),
            authors=self._people(said.get("author")) or self._people(said.get("creator")),
            sections=_words(said.get("articleSection")),
            keywords=self._keywords(said.get("keywords")),
            images=tuple(self._images(said.get("image"))) or tuple(self._images(said.get("thumbnailUrl"))),
            language=self._language(said.get("inLanguage")),
            rights=_line(said.get("copyrightNotice")),
            credit=_line(said.get("creditText")) or self._name(said.get("sourceOrganization")),
            site=self._name(said.get("publisher")),
            paywall=_is_false(said.get("isAccessibleForFree")),
        )

    def link(self, said: Json) -> str:
        """The address of what an object is about."""
        for key in ("url", "mainEntityOfPage", "@id"):
            for value in _list(said.get(key)):
                if isinstance(value, dict):
                    value = value.get("@id") or value.get("url")
                if isinstance(value, str) and value.strip() and not value.startswith(("#", "_:")):
                    return value.strip()
        return ""

    def listed(self, said: Json, *, articles: bool = False) -> Iterator[Said]:
        """What an `ItemList` lists, or a page says are its parts; only what it says are articles, or everything."""
        for key in ("itemListElement", "blogPost", "hasPart", "dataFeedElement"):
            for element in _list(said.get(key)):
                inner = _first(element.get("item", element)) if isinstance(element, dict) else element
                whole = self._whole(inner) if isinstance(inner, dict) else {}
                if articles and not is_article(whole):
                    continue
                one = self.article(whole)
                one.link = one.link or (inner.strip() if isinstance(inner, str) else "")
                if isinstance(element, dict):
                    one.link = one.link or self.link(element)
                    one.title = one.title or _line(element.get("name")) or _line(element.get("headline"))
                yield one

    def _whole(self, value: Json) -> Json:
        """The object that is meant by one that only names it."""
        name = value.get("@id")
        return self._known.get(name, value) if isinstance(name, str) and len(value) <= 2 else value

    def _people(self, value: Any) -> tuple[Person, ...]:
        people = []
        listed = [self._whole(one) if isinstance(one, dict) else one for one in _flat(value)]
        persons = [one for one in listed if isinstance(one, dict) and "person" in types(one)]
        for one in persons or listed:
            if isinstance(one, dict):
                uri = _line(one.get("url")) or _line(one.get("@id"))
                names = _words(one.get("name")) or (_line(one.get("givenName")) + " " + _line(one.get("familyName")),)
                people += [Person(name=name.strip(), uri=uri if uri.startswith("http") else None) for name in names]
            elif name := _line(one):
                people.append(Person(name=name))
        return tuple(
            dict.fromkeys(p for p in people if p.name and not p.name.startswith(("/", "http:", "https:", "@")))
        )

    def _name(self, value: Any) -> str:
        for one in _list(value):
            name = _line(self._whole(one).get("name")) if isinstance(one, dict) else _line(one)
            if name:
                return name
        return ""

    def _images(self, value: Any) -> Iterator[Image]:
        for one in _list(value)[:10]:
            if isinstance(one, dict):
                one = self._whole(one)
                url = _line(one.get("url")) or _line(one.get("contentUrl"))
                if url:
                    yield Image(
                        url=url,
                        width=_pixels(one.get("width")),
                        height=_pixels(one.get("height")),
                        alt=_line(one.get("caption")) or None,
                        credit=_line(one.get("creditText")) or None,
                    )
            elif isinstance(one, str) and one.strip():
                yield Image(url=one.strip())

    def _keywords(self, value: Any) -> tuple[str, ...]:
        listed = _words(value) or tuple(self._name(one) for one in _list(value))
        if len(listed) == 1:
            listed = tuple(part.strip() for part in re.split(r"[,;，、]", listed[0]))
        return tuple(word for word in listed[:50] if word and len(word) <= 80 and ":" not in word)

    def _language(self, value: Any) -> str:
        if isinstance(value, dict):
            value = value.get("alternateName") or value.get("name")
        return _line(_list(value)[0]) if _list(value) else ""


def _list(value: Any) -> list[Any]:
    return value[:_MOST_LIST] if isinstance(value, list) else [] if value is None else [value]


def _flat(value: Any) -> list[Any]:
    """A list whose parts may be lists themselves, or objects that stand for one."""
    parts = (one.get("@list", one) if isinstance(one, dict) else one for one in _list(value))
    return [one for part in parts for one in _list(part)][:_MOST_LIST]


def _line(value: Any) -> str:
    """A string on one line, escaped once too often or not; "" for everything else."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    return line(html.unescape(value))[:5000] if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, (_line(one) for one in _list(value) if isinstance(one, str))))


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(one for one in value[:1000] if isinstance(one, str))
    return chars(html.unescape(value)).strip() if isinstance(value, str) else ""


def _first(value: Any) -> Any:
    """The value, or the first of several: microdata has lists only."""
    return value[0] if isinstance(value, list) and value else value


def _pixels(value: Any) -> int | None:
    value = _first(value)
    if isinstance(value, dict):
        value = _first(value.get("value"))
    digits = str(value or "").removesuffix("px").partition(".")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def _is_false(value: Any) -> bool:
    value = _first(value)
    return value is False or (isinstance(value, str) and value.rstrip("/").rpartition("/")[2].lower() == "false")
