"""Copydesk behind the neutral keys of a conformance table: what parse and normalise make of a document.

`adapter(data, url, headers)` gives {"feed": {...}, "entries": [...], "meta": {...}}; `date(text)` gives a datetime
or None. Texts are as the product would store them: HTML through the sanitiser, links absolute, dates in UTC.
Nothing is decided here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from feeds.model import Category, Enclosure, Item, ParsedFeed, Person, Text
from feeds.normalise.dates import parse_date
from feeds.normalise.links import resolve
from feeds.normalise.markup import clean_html
from feeds.parse import parse

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def date(text: str) -> datetime | None:
    """The moment a date names."""
    return parse_date(text, UTC, NOW)


def adapter(data: bytes, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The document in neutral keys; raises ParseError."""
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    feed = parse(data, url or "", lower)
    return {
        "feed": _feed(feed, url),
        "entries": [_entry(item, url) for item in feed.items],
        "meta": {"encoding": feed.encoding, "entry_count": len(feed.items)},
    }


def _feed(feed: ParsedFeed, url: str) -> dict[str, Any]:
    return {
        "title": _markup(feed.title, url),
        "link": resolve(url, feed.link),
        "description": _markup(feed.description, url),
        "id": feed.id,
        "language": feed.language,
        "rights": feed.rights,
        "updated": _moment(feed.updated),
        "published": _moment(feed.published),
        "image": resolve(url, feed.image),
        "categories": _terms(feed.categories),
        **_author(feed.authors),
    }


def _entry(item: Item, url: str) -> dict[str, Any]:
    base = item.base or url
    return {
        "id": item.guid,
        "title": _markup(item.title, base),
        "link": resolve(base, item.link or (item.guid if item.permalink else None)),
        "summary": _markup(item.summary, base),
        "content": _markup(item.content, base),
        "comments": resolve(base, item.comments),
        "rights": item.rights,
        "published": _moment(item.published),
        "updated": _moment(item.updated),
        "categories": _terms(item.categories),
        "enclosures": [_enclosure(one, base) for one in item.enclosures],
        **_author(item.authors),
    }


def _markup(text: Text | None, base: str) -> str | None:
    if text is None:
        return None
    return text.value if text.type == "text" else clean_html(text.value, base or None)


def _moment(said: str | None) -> datetime | None:
    return date(said) if said else None


def _terms(categories: tuple[Category, ...]) -> list[str]:
    return [category.term for category in categories]


def _enclosure(one: Enclosure, base: str) -> dict[str, str | None]:
    return {
        "url": resolve(base, one.url),
        "type": one.type,
        "length": None if one.length is None else str(one.length),
    }


def _author(authors: tuple[Person, ...]) -> dict[str, str | None]:
    """The first person; `author` is everybody, as a by-line would say it."""
    first = authors[0] if authors else Person()
    return {
        "author": ", ".join(_line(person) for person in authors) or None,
        "author_name": first.name,
        "author_email": first.email,
    }


def _line(person: Person) -> str:
    if person.name and person.email:
        return f"{person.name} ({person.email})"
    return person.name or person.email or person.uri or ""
