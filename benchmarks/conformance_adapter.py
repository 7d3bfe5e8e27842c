"""Copydesk behind the neutral keys of a conformance table: what parse and normalise make of a document.

`adapter(data, url, headers)` gives {"feed": {...}, "entries": [...], "meta": {...}}; `date(text)` gives a datetime
or None. Nothing is decided here: the table asks what a document says, so titles are told without the rule that takes
publishers' names off, links and relative ids are resolved and HTML is sanitised by the normaliser, dates are the
article's. A text that is missing is "", as in the article; a title that is missing is the article's, or the link.

Policies that cost cases, on purpose:
- relative links are resolved against xml:base and the document's URL (RFC 3986, section 5.1), not against the
  site's link, nor against Content-Location (RFC 7231, appendix B, took that meaning from it);
- FeedBurner's `origLink` goes before the redirector's address;
- the text inside an iframe, and svg, are dropped; named references are those of HTML 5.

`docs/conformance.md` goes through the cases one by one. Where no address of a document is given, a relative link is
reported as said; where an item says no content, the content is what the article has: a long or structured summary.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from feeds.errors import ParseError
from feeds.model import Article, Category, Enclosure, Item, ParsedFeed, Person, Source, Text
from feeds.normalise import normalise
from feeds.normalise.article import inherited
from feeds.normalise.dates import parse_date
from feeds.normalise.links import resolve
from feeds.normalise.markup import clean_html
from feeds.normalise.titles import said_title
from feeds.parse import parse

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SAID = frozenset({"published", "updated"})  # the rungs of a date that the item itself states


def date(text: str) -> datetime | None:
    """The moment a date names."""
    return parse_date(text, None, NOW)


def adapter(data: bytes, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The document in neutral keys. One that is refused says nothing, and that it is malformed."""
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    try:
        feed = parse(data, url or "", lower)
    except ParseError:
        return {"feed": {}, "entries": [], "meta": {"entry_count": 0, "bozo": True}}
    source = Source(name="conformance", url=url or "http://localhost/")
    entries = [_entry(item, normalise(item, feed, source, source.url, NOW), feed, url) for item in feed.items]
    return {
        "feed": _feed(feed, url),
        "entries": entries,
        "meta": {"entry_count": len(entries), "bozo": bool(feed.fault)},
    }


def _feed(feed: ParsedFeed, url: str) -> dict[str, Any]:
    return {
        "title": _markup(feed.title, url),
        "link": _link(url, feed.link),
        "description": _markup(feed.description, url),
        "id": _id(feed, feed.id, url),
        "language": feed.language,
        "rights": feed.rights or "",
        "updated": date(feed.updated or ""),
        "published": date(feed.published or ""),
        "image": resolve(url, feed.image),
        "categories": _terms(feed.categories),
        **_author(feed.authors),
    }


def _entry(item: Item, article: Article, feed: ParsedFeed, url: str) -> dict[str, Any]:
    base = item.base or url
    return {
        "id": _id(feed, item.guid, base),
        "title": _title(item, article),
        "link": _link(base, item.link or (item.guid if item.permalink else None)),
        "summary": _markup(item.summary or item.content, base),
        "content": _markup(item.content, base) or article.content,
        "comments": resolve(base, item.comments),
        "rights": item.rights or "",
        "published": article.published if article.published_from in SAID else None,
        "updated": article.updated if article.updated_from in SAID else None,
        "categories": _terms(item.categories),
        "enclosures": [_enclosure(one, base) for one in item.enclosures],
        **_author(item.authors or inherited(feed)),
    }


def _id(feed: ParsedFeed, said: str | None, base: str) -> str | None:
    """The name as said; of Atom, where it has to be an IRI, a path of the document's host made one."""
    is_path = said is not None and said.startswith("/") and feed.format.startswith("atom")
    return resolve(base, said) or said if is_path else said


def _title(item: Item, article: Article) -> str:
    """As said, in plain text; else the article's, which is the first sentence, else the link."""
    said = said_title(replace(item, via=None), ParsedFeed(), Source(name="conformance", url=""), None)
    link = article.url or ""
    made = link if link.rstrip("/").endswith(f"//{article.title}") else article.title
    return said or ("" if made == "Untitled" else made)


def _link(base: str, said: str | None) -> str | None:
    """The address; as said when it is relative to a document whose own address nobody gave."""
    return resolve(base, said) if base or not said or ":" in said else said


def _markup(text: Text | None, base: str) -> str:
    if text is None:
        return ""
    return text.value if text.type == "text" else clean_html(text.value, base or None)


def _terms(categories: tuple[Category, ...]) -> list[str]:
    return [category.term for category in categories]


def _enclosure(one: Enclosure, base: str) -> dict[str, str | None]:
    length = None if one.length is None else str(one.length)
    return {"url": resolve(base, one.url), "type": one.type, "length": length}


def _author(authors: tuple[Person, ...]) -> dict[str, str | None]:
    """The first person; `author` is everybody, as a by-line would say it."""
    first = authors[0] if authors else Person()
    everybody = ", ".join(_line(person) for person in authors) or None
    return {"author": everybody, "author_name": first.name, "author_email": first.email}


def _line(person: Person) -> str:
    if person.name and person.email:
        is_mail = person.uri is not None and person.uri.startswith("mailto:")
        return f"{person.name} ({person.uri if is_mail else person.email})"
    return person.name or person.email or person.uri or ""
