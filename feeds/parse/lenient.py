"""The last resort: feedparser reads what the strict readers do not trust. It costs twenty times as much."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from feeds.errors import ParseError
from feeds.model import Category, Enclosure, Image, Item, Outcome, ParsedFeed, Person, Problem, Text, TextType, Via
from feeds.parse.draft import duration, number, says_something, title_text
from feeds.parse.people import person
from feeds.parse.reasons import MAX_ITEMS, Reason, too_many
from feeds.parse.xml import absolute

# feedparser has no bound on time of its own, and needs some 15 µs for each tag: beyond this nobody waits for it.
MAX_BYTES = 4_000_000
MAX_TAGS = 150_000

_TYPES: dict[str, TextType] = {"text/plain": "text", "application/xhtml+xml": "xhtml"}
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


def read(data: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The feed, as feedparser sees it in UTF-8. Raises ParseError, also for whatever feedparser trips over."""
    tags = data.count(b"<")
    if len(data) > MAX_BYTES or tags > MAX_TAGS:
        raise ParseError(Outcome.UNPARSEABLE, f"malformed, and too large to be mended: {len(data)} bytes, {tags} tags")
    import feedparser

    # No content-location: feedparser would make guids absolute with it, and a guid is a name, the same on every path.
    given = {"content-type": "application/xml; charset=utf-8"}
    if language := headers.get("content-language"):
        given["content-language"] = language
    try:
        found = feedparser.parse(
            io.BytesIO(data), response_headers=given, resolve_relative_uris=False, sanitize_html=False
        )
        return _feed(found, url)
    except Exception as error:  # feedparser lets anything escape: AttributeError, AssertionError, RecursionError…
        raise ParseError(Outcome.UNPARSEABLE, f"malformed: {type(error).__name__} while reading it") from error


def _feed(found: Any, url: str) -> ParsedFeed:
    entries = found.entries
    drafts = [_item(entry, url) for entry in entries[:MAX_ITEMS]]
    empty = tuple(Problem(reason=Reason.EMPTY, position=at) for at, item in enumerate(drafts) if item is None)
    feed, version = found.feed, found.get("version") or ""
    links = {link.get("rel"): link.get("href") for link in reversed(feed.get("links") or [])}
    return ParsedFeed(
        items=tuple(item for item in drafts if item is not None),
        problems=(*empty, *too_many(len(entries))),
        format=_format(version),
        version=f"0.{version[4:6]}" if version.startswith("rss09") else None,
        path="lenient",
        id=_word(feed, "id"),
        title=_text(feed, "title"),
        description=_text(feed, "subtitle") or _text(feed, "summary"),
        link=_absolute(url, _word(feed, "link")),
        self_link=_absolute(url, links.get("self")),
        hub=_absolute(url, links.get("hub")),
        language=_word(feed, "language"),
        rights=_word(feed, "rights"),
        updated=_word(feed, "updated") if "updated" in feed else None,
        published=_word(feed, "published"),
        image=_absolute(url, _word(feed.get("image") or {}, "href") or _word(feed, "logo") or _word(feed, "icon")),
        authors=_people(feed),
        categories=_categories(feed),
        ttl=duration(feed.get("ttl")),
        update_period=_period(feed),
    )


def _item(entry: Any, url: str) -> Item | None:
    contents = entry.get("content") or []
    content = next((_construct(part) for part in contents if part.get("value")), None)
    source = entry.get("source") or {}
    item = Item(
        guid=_word(entry, "id"),
        permalink=bool(entry.get("guidislink")) and _is_address(_word(entry, "id")),
        link=_link(entry),
        title=_text(entry, "title"),
        summary=_text(entry, "summary"),
        content=content,
        authors=_people(entry),
        categories=_categories(entry),
        enclosures=_enclosures(entry),
        images=_images(entry),
        published=_word(entry, "published") or _word(entry, "created"),
        updated=_word(entry, "updated") if "updated" in entry else None,
        language=(contents[0].get("language") if contents else None) or entry.get("language"),
        rights=_word(entry, "rights"),
        comments=_word(entry, "comments"),
        credit=next((_word(credit, "content") for credit in entry.get("media_credit") or []), None),
        via=Via(title=_word(source, "title"), url=_word(source, "href") or _word(source, "link")) if source else None,
        base=absolute(url, _base(entry) or ""),
    )
    return item if says_something(item) else None


def _link(entry: Any) -> str | None:
    """The link; feedparser takes the guid for one where there is none, also when it is no address."""
    link = _word(entry, "link")
    return link if link != _word(entry, "id") or _is_address(link) else None


def _is_address(word: str | None) -> bool:
    return (word or "").startswith(("http://", "https://"))


def _word(values: Any, key: str) -> str | None:
    value = values.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _text(values: Any, key: str) -> Text | None:
    detail = values.get(f"{key}_detail")
    if isinstance(detail, Mapping):
        return _construct(detail, title=key == "title")
    word = _word(values, key)
    return Text(value=word, type="html") if word else None


def _construct(detail: Mapping[str, Any], *, title: bool = False) -> Text | None:
    value = str(detail.get("value") or "").strip()
    if not value:
        return None
    kind = _TYPES.get(str(detail.get("type")), "html")
    return title_text(value) if title and kind == "text" else Text(value=value, type=kind)


def _base(entry: Any) -> str | None:
    details = [*(entry.get("content") or []), entry.get("summary_detail") or {}, entry.get("title_detail") or {}]
    return next((str(detail["base"]) for detail in details if detail.get("base")), None)


def _absolute(url: str, said: str | None) -> str | None:
    return absolute(url, said) if said else None


def _people(values: Any) -> tuple[Person, ...]:
    said = values.get("authors") or []
    line = _word(values, "author")
    # feedparser cuts addresses apart whose top-level domain it does not know: "me@soup.exam", "ple (Me"
    if len(said) == 1 and line and "@" in line and (whole := person(line)):
        return (Person(name=whole.name, email=whole.email, uri=_word(said[0], "href")),)
    people = (Person(name=_word(one, "name"), email=_word(one, "email"), uri=_word(one, "href")) for one in said)
    return tuple(dict.fromkeys(one for one in people if one.name or one.email or one.uri))


def _categories(values: Any) -> tuple[Category, ...]:
    tags = values.get("tags") or []
    made = (
        Category(term=str(tag.get("term")), scheme=_word(tag, "scheme"), label=_word(tag, "label"))
        for tag in tags
        if tag.get("term")
    )
    return tuple(dict.fromkeys(made))


def _enclosures(entry: Any) -> tuple[Enclosure, ...]:
    found = ((one.get("href") or one.get("url"), one) for one in entry.get("enclosures") or [])
    return tuple(
        Enclosure(url=str(url), type=_word(one, "type"), length=number(str(one.get("length") or "")))
        for url, one in found
        if url
    )


def _images(entry: Any) -> tuple[Image, ...]:
    media = [
        one for one in entry.get("media_content") or [] if str(one.get("medium") or one.get("type")).startswith("image")
    ]
    found = [*media, *(entry.get("media_thumbnail") or [])]
    return tuple(
        Image(
            url=str(one["url"]), width=number(str(one.get("width") or "")), height=number(str(one.get("height") or ""))
        )
        for one in found
        if one.get("url")
    )


def _period(feed: Any) -> timedelta | None:
    hours = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    times = number(str(feed.get("sy_updatefrequency") or "1"))
    return timedelta(hours=hours) / times if hours and times and times <= 10_000 else None


def _format(version: str) -> str:
    if version.startswith("rss09"):
        return "rss09x"
    return {"rss10": "rss10", "atom10": "atom10", "atom03": "atom03", "atom": "atom10"}.get(
        version, "rss20" if version.startswith("rss") else version
    )
