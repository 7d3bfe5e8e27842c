"""Reads JSON Feed 1 and 1.1; https://www.jsonfeed.org/version/1.1/. Wrong types are passed over, never fatal.

Also our own extension, `_copydesk`: what JSON Feed has no word for.
"""

import json
from typing import Any

from feeds.errors import ParseError
from feeds.model import Category, Enclosure, Geo, Image, Item, Outcome, ParsedFeed, Person, Problem, Text, Via
from feeds.parse.draft import number, says_something
from feeds.parse.encoding import paired
from feeds.parse.own import without_marks
from feeds.parse.reasons import MAX_ITEMS, Reason, too_many

_MAX_LIST = 1000


def read(text: str, url: str) -> ParsedFeed:
    """The feed. Raises ParseError."""
    try:
        document = json.loads(paired(text), strict=False, parse_int=_integer, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ParseError(Outcome.UNPARSEABLE, f"not JSON that can be read: {error}") from error
    if not isinstance(document, dict) or not _looks_like_feed(document):
        raise ParseError(
            Outcome.NOT_A_FEED, "JSON, but not a JSON Feed: it has no `version` of jsonfeed.org and no list of items"
        )
    items: list[Item] = []
    problems: list[Problem] = []
    listed = _list(document, "items")
    for position, said in enumerate(listed[:MAX_ITEMS]):
        item = _item(said, url) if isinstance(said, dict) else None
        if item is not None:
            items.append(item)
        else:
            reason = Reason.EMPTY if isinstance(said, dict) else Reason.NOT_AN_OBJECT
            problems.append(Problem(reason=reason, position=position))
    return _feed(document, tuple(items), (*problems, *too_many(len(listed))))


def _integer(digits: str) -> int | str:
    """The number; beyond 64 bits its digits: Python refuses very long ones, and an id may be such."""
    return int(digits) if len(digits) < 20 else digits


def _looks_like_feed(document: dict[str, Any]) -> bool:
    return "jsonfeed.org" in (_word(document, "version") or "") or isinstance(document.get("items"), list)


def _feed(document: dict[str, Any], items: tuple[Item, ...], problems: tuple[Problem, ...]) -> ParsedFeed:
    description = _word(document, "description")
    title = _word(document, "title")
    hubs = [hub for hub in _list(document, "hubs") if isinstance(hub, dict)]
    return ParsedFeed(
        items=items,
        problems=problems,
        format="json11" if (_word(document, "version") or "").rstrip("/").endswith("1.1") else "json1",
        path="json",
        encoding="utf-8",
        title=Text(value=title) if title else None,
        description=Text(value=description) if description else None,
        link=_word(document, "home_page_url"),
        self_link=_word(document, "feed_url"),
        hub=next(filter(None, (_word(hub, "url") for hub in hubs)), None),
        language=_word(document, "language"),
        image=_word(document, "icon") or _word(document, "favicon"),
        authors=_authors(document),
    )


def _item(said: dict[str, Any], url: str) -> Item | None:
    title, summary = _word(said, "title"), _word(said, "summary")
    html, text = _word(said, "content_html"), _word(said, "content_text")
    external, own = _word(said, "external_url"), _object(said, "_copydesk")
    item = Item(
        guid=_word(said, "id"),
        link=_word(said, "url") or external,
        title=Text(value=title) if title else None,
        summary=Text(value=summary) if summary else None,
        content=without_marks(Text(value=html, type="html")) if html else Text(value=text) if text else None,
        authors=_authors(said),
        categories=_categories(said, own),
        enclosures=_attachments(said),
        images=_images(said, own),
        published=_word(said, "date_published"),
        updated=_word(said, "date_modified"),
        language=_word(said, "language"),
        rights=_word(own, "rights"),
        comments=_word(own, "comments"),
        geo=_geo(_object(own, "geo")),
        credit=_word(own, "agency"),
        via=_via(_object(own, "source")),
        base=url,
    )
    return item if says_something(item) else None


def _plain(value: object) -> str | None:
    """A string, or a number as one; None for everything else."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def _word(said: dict[str, Any], key: str) -> str | None:
    return _plain(said.get(key))


def _list(said: dict[str, Any], key: str) -> list[Any]:
    value = said.get(key)
    return value if isinstance(value, list) else []


def _object(said: dict[str, Any], key: str) -> dict[str, Any]:
    value = said.get(key)
    return value if isinstance(value, dict) else {}


def _objects(said: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [one for one in _list(said, key)[:_MAX_LIST] if isinstance(one, dict)]


def _categories(said: dict[str, Any], own: dict[str, Any]) -> tuple[Category, ...]:
    full = [(_word(one, "term"), one) for one in _objects(own, "categories")]
    found = [Category(term=term, scheme=_word(one, "scheme"), label=_word(one, "label")) for term, one in full if term]
    return tuple(found) or tuple(Category(term=tag) for tag in dict.fromkeys(map(_plain, _list(said, "tags"))) if tag)


def _geo(said: dict[str, Any]) -> Geo | None:
    latitude, longitude = (_degrees(said.get(key)) for key in ("latitude", "longitude"))
    name = _word(said, "name")
    if latitude is None or longitude is None:
        return Geo(name=name) if name else None
    return Geo(latitude=latitude, longitude=longitude, name=name)


def _degrees(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _via(said: dict[str, Any]) -> Via | None:
    title, home = _word(said, "title"), _word(said, "home")
    return Via(title=title, url=home) if title or home else None


def _authors(said: dict[str, Any]) -> tuple[Person, ...]:
    """`authors` of version 1.1 and `author` of version 1, mostly the same; a bare string is taken for the name."""
    listed = [*_list(said, "authors")[:_MAX_LIST], said.get("author")]
    people = [_person(one) for one in listed]
    return tuple(dict.fromkeys(one for one in people if one is not None))


def _person(said: object) -> Person | None:
    if not isinstance(said, dict):
        name = _plain(said)
        return Person(name=name) if name else None
    name, uri = _word(said, "name"), _word(said, "url")
    if uri and uri.startswith("mailto:"):
        return Person(name=name, email=uri.removeprefix("mailto:") or None)
    return Person(name=name, uri=uri) if name or uri else None


def _attachments(said: dict[str, Any]) -> tuple[Enclosure, ...]:
    made = [_attachment(one) for one in _list(said, "attachments")[:_MAX_LIST] if isinstance(one, dict)]
    return tuple(one for one in made if one is not None)


def _attachment(said: dict[str, Any]) -> Enclosure | None:
    url = _word(said, "url")
    if not url:
        return None
    seconds = (_word(said, "duration_in_seconds") or "").partition(".")[0]
    return Enclosure(
        url=url,
        type=_word(said, "mime_type"),
        length=number((_word(said, "size_in_bytes") or "").partition(".")[0]),
        title=_word(said, "title"),
        seconds=number(seconds),
    )


def _images(said: dict[str, Any], own: dict[str, Any]) -> tuple[Image, ...]:
    found = {url: _image(url, one) for one in _objects(own, "images") if (url := _word(one, "url"))}
    for url in filter(None, (_word(said, "image"), _word(said, "banner_image"))):
        found.setdefault(url, Image(url=url))
    return tuple(found.values())


def _image(url: str, said: dict[str, Any]) -> Image:
    width, height = (number(_word(said, key)) for key in ("width", "height"))
    return Image(url=url, width=width, height=height, alt=_word(said, "alt"), credit=_word(said, "credit"))
