"""Lists of feeds that others give us; OPML 1 and 2. Bytes come in, subscriptions go out.

On lxml, not listparser: that one loses `htmlUrl`, knows no encoding but UTF-8, and needs quadratic time where one
address stands in many categories.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple, get_args

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from feeds.errors import ParseError
from feeds.model import Outcome, SourceKind
from feeds.parse.encoding import guess, to_utf8
from feeds.parse.repair import repair
from feeds.parse.sniff import Kind, sniff
from feeds.parse.xml import MalformedError, parse_tree, split

MAX_BYTES = 16 * 1024 * 1024
MOST = 20_000  # subscriptions of one list
DEEPEST = 8  # categories inside each other; what is deeper counts to the eighth
OURS = "urn:copydesk:opml"  # the namespace of what only Copydesk says in a list, so that it can read it again
PREFIX = "copydesk:"
_KINDS: Mapping[str, SourceKind] = {kind: kind for kind in get_args(SourceKind)}

_LONGEST = 1_000  # characters of a title
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_SOURCE = re.compile(r" \(<string>, line \d+\)")  # what lxml adds to its sentences
_HELP = {
    Kind.HTML: "an HTML page",
    Kind.RSS: "an RSS feed",
    Kind.RDF: "an RSS feed",
    Kind.ATOM: "an Atom feed",
    Kind.JSON: "JSON",
    Kind.SITEMAP: "a sitemap",
}


class Label(NamedTuple):
    """One category: what it is called, and the name of our section that it is, if a list of ours says so."""

    title: str
    section: str | None = None


Category = tuple[Label, ...]  # from the outermost


class Subscription(Struct, frozen=True, kw_only=True):
    """One feed as a list says it; `url` is as it stands there."""

    url: str
    title: str | None = None
    home: str | None = None
    language: str | None = None
    categories: tuple[Category, ...] = ()
    name: str | None = None  # ours
    disabled: bool = False  # ours
    kind: SourceKind = "auto"  # ours


class Subscriptions(Struct, frozen=True, kw_only=True):
    """A list of feeds; each address once, with every category that it stands under."""

    feeds: tuple[Subscription, ...] = ()
    sections: tuple[Label, ...] = ()  # ours, also those without feeds
    problems: tuple[str, ...] = ()  # sentences: what could not be read


def read(body: bytes) -> Subscriptions:
    """What a list says, read as far as it can be. Raises ParseError when it is no OPML, and nothing else."""
    if len(body) > MAX_BYTES:
        raise ParseError(Outcome.TOO_LARGE, f"larger than {MAX_BYTES // 2**20} MiB; split it")
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError(Outcome.EMPTY, "empty; export the list once more")
    root, problems = _tree(body)
    seen = list(islice(_walk(root), MOST + 1))
    if len(seen) > MOST:
        problems.append(f"it lists more than {MOST:,} feeds; the rest was left out, split the list")
    return Subscriptions(feeds=_together(seen[:MOST]), sections=_sections(root), problems=tuple(problems))


def _tree(body: bytes) -> tuple[etree._Element, list[str]]:
    """The root of the document, and sentences on what had to be done to get it."""
    decoded = to_utf8(body, {})
    kind, start = sniff(decoded.data)
    if kind in _HELP:
        raise ParseError(Outcome.NOT_A_FEED, f"{_HELP[kind]}, not OPML; export a list of feeds and import that")
    try:
        root, problems = _whole(decoded.data), []
    except MalformedError as error:
        text, _ = guess(decoded.data[start:], decoded.encoding, sure=decoded.sure)
        root = _salvaged(repair(text))
        reason = _SOURCE.sub("", str(error))
        problems = [f"it is malformed and was read as far as possible ({reason})"] if reason else []
    if split(str(root.tag))[1].lower() != "opml" and next(root.iter("{*}outline"), None) is None:
        raise ParseError(Outcome.NOT_A_FEED, "no OPML: it has no outlines; export a list of feeds and import that")
    return root, problems


def _whole(data: bytes) -> etree._Element:
    """The tree of a well-formed document that declares nothing: no entity is ever expanded."""
    if _DECLARES.search(data):
        raise MalformedError("")  # no fault; `repair` takes the declarations away
    return parse_tree(data.strip())


def _salvaged(text: str) -> etree._Element:
    """The tree of repaired text, else what a reader of HTML makes of it: it gives up at a depth of 256 only."""
    try:
        return parse_tree(text.encode("utf-8", "replace"))
    except MalformedError:
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise ParseError(Outcome.NOT_A_FEED, "neither OPML nor other XML; export a list of feeds and import that")
    return root


def _walk(root: etree._Element) -> Iterator[Subscription]:
    """Every feed in document order, under the category where it stands; without recursion."""
    todo: list[tuple[etree._Element, Category]] = [(root, ())]
    while todo:
        element, path = todo.pop()
        said = _attributes(element)
        if said.get("xmlurl"):
            yield _subscription(said, path)
        elif split(str(element.tag))[1].lower() == "outline" and (title := _title(said)):
            path = (*path, Label(title, said.get("our section")))[:DEEPEST]
        todo.extend((child, path) for child in reversed(element))


def _attributes(element: etree._Element) -> dict[str, str]:
    """By local name in lower case; ours begin with "our ". Some write xmlURL, some XMLUrl."""
    if not element.attrib:
        return {}
    said: dict[str, str] = {}
    for key, value in element.attrib.items():
        space, local = split(str(key))
        if local.startswith(PREFIX):  # where it had to be read as HTML, which knows no namespaces
            space, local = OURS, local.removeprefix(PREFIX)
        said[("our " if space == OURS else "") + local.lower()] = str(value).strip()
    return said


def _title(said: dict[str, str]) -> str:
    return " ".join((said.get("title") or said.get("text") or "")[:_LONGEST].split())


def _subscription(said: dict[str, str], path: Category) -> Subscription:
    own = said.get("our name")
    return Subscription(
        url=said["xmlurl"],
        title=(" ".join(said.get("title", "")[:_LONGEST].split()) if own else _title(said)) or None,
        home=said.get("htmlurl") or None,
        language=said.get("language") or None,
        categories=tuple(dict.fromkeys(c for c in (path, *_categories(said.get("category", ""))) if c)),
        name=own,
        disabled=said.get("our disabled") == "true",
        kind=_KINDS.get(said.get("our kind", ""), "auto"),
    )


def _categories(said: str) -> Iterator[Category]:
    """OPML 2.0: slash-delimited paths, with commas in between; a path without slash in front is a tag."""
    for one in said[: 20 * _LONGEST].split(","):
        titles = (" ".join(part.split()) for part in one.split("/"))
        yield tuple(Label(title) for title in titles if title)[:DEEPEST]


def _together(seen: list[Subscription]) -> tuple[Subscription, ...]:
    """Each address once: the first that speaks of it, with the categories of all."""
    first: dict[str, Subscription] = {}
    categories: dict[str, dict[Category, None]] = {}
    for one in seen:
        first.setdefault(one.url, one)
        categories.setdefault(one.url, {}).update(dict.fromkeys(one.categories))
    return tuple(_with_categories(one, tuple(categories[url])) for url, one in first.items())


def _with_categories(one: Subscription, categories: tuple[Category, ...]) -> Subscription:
    return one if one.categories == categories else replace(one, categories=categories)


def _sections(root: etree._Element) -> tuple[Label, ...]:
    marked = (said for e in root.iter("{*}outline") if (said := _attributes(e)).get("our section"))
    return tuple(Label(_title(said), said["our section"]) for said in islice(marked, MOST))
