"""An item as said becomes an article of the common schema: the ladders of its fields."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from msgspec.structs import replace

from feeds.model import Agency, Article, Geo, Image, Item, ParsedFeed, Person, Related, Source, Text, Via
from feeds.normalise.categories import access, categories
from feeds.normalise.credit import CONTRIBUTORS, by_line, credited, in_field, together, unmarked
from feeds.normalise.dateline import Reading, read
from feeds.normalise.identity import digest, identity
from feeds.normalise.language import Heard, heard_in, language_of
from feeds.normalise.links import canonical, clean, resolve, unwrapped
from feeds.normalise.markup import SANITISER, chars, line, paragraphs, to_text
from feeds.normalise.media import enclosures, images
from feeds.normalise.moments import moments
from feeds.normalise.people import authors
from feeds.normalise.prose import (
    WORDS,
    first_sentence,
    only_repeats,
    repeats,
    shorten,
    without_addresses,
    without_first_line,
)
from feeds.normalise.texts import Cleaned, cleaned
from feeds.normalise.titles import LONGEST, said_title

_AT_ONCE = 64  # items, of so many characters: all that is made of them on the way is kept till the last step
_LENGTH_AT_ONCE = 500_000
_GUID = 4096  # characters; likewise below
_NAME = 1000
_RIGHTS = 1000
_PLACE = 200
_RELATED = 20
_OF_TEXT = ("page", "list", "json")  # the formats whose credit is that of the text
_URL = re.compile(r"\s*https?://\S+$")
_STRUCTURE = re.compile(r"<(?:ul|ol|dl|table|blockquote|h[1-6]|pre|figure)[\s>]|<p[\s>].*<p[\s>]|<br[^>]*>\s*<br", re.S)


class _Whole(NamedTuple):
    """What all items of a document have in common."""

    feed: ParsedFeed
    source: Source
    url: str  # the document's own
    now: datetime
    heard: Heard


class _Head(NamedTuple):
    """What is known of an item before its texts are read."""

    item: Item
    base: str
    link: str | None
    title: str
    page: str  # what the links in its texts are relative to
    marked: Agency | None  # whom the line credits that marks an item as one that we published


class _Body(NamedTuple):
    """The long text of an item, the short one, and clean HTML to look for a picture in."""

    content: str
    text: str
    summary: str | None  # None: to be made of the text
    markup: str


def normalise(
    item: Item, feed: ParsedFeed, source: Source, url: str, now: datetime, said: int | None = None
) -> Article:
    """The article that an item is; never raises, whatever the item holds.

    `url` is the feed's own, `now` the moment of the poll: the article's `first_seen`, and the last rung for dates.
    `said` is the item's digest where the caller knows it.
    """
    whole = _Whole(feed, source, url, now, heard_in(feed, source, (item,)))
    return _together((item,), (digest(item) if said is None else said,), whole)[0]


def normalise_all(
    items: Sequence[Item], feed: ParsedFeed, source: Source, url: str, now: datetime, said: Sequence[int]
) -> list[Article]:
    """The articles that items of one document are, in its order; `said` are their digests.

    A step for all of them after the other, as `texts.cleaned` does and says why.
    """
    whole = _Whole(feed, source, url, now, heard_in(feed, source, items))
    return [one for part in _parts(items) for one in _together(items[part], said[part], whole)]


def _parts(items: Sequence[Item]) -> Iterator[slice]:
    start = length = 0
    for place, item in enumerate(items):
        long = sum(len(text.value) for text in (item.content, item.summary) if text)
        if place - start >= _AT_ONCE or (length + long > _LENGTH_AT_ONCE and place > start):
            yield slice(start, place)
            start, length = place, 0
        length += long
    yield slice(start, len(items))


def _together(items: Sequence[Item], said: Sequence[int], whole: _Whole) -> list[Article]:
    heads = [_head(item, whole) for item in items]
    pages = [head.page for head in heads]
    contents = cleaned([head.item.content for head in heads], pages)
    summaries = cleaned([head.item.summary for head in heads], pages)
    bodies = [
        _body(head.title, content, summary, whole.source.summary_words)
        for head, content, summary in zip(heads, contents, summaries, strict=True)
    ]
    spoken = [
        language_of(head.item, whole.feed, whole.source, whole.heard, f"{head.title}. {body.text[:400]}")
        for head, body in zip(heads, bodies, strict=True)
    ]
    readings = [read(body.text, language) for body, (language, _) in zip(bodies, spoken, strict=True)]
    rows = zip(heads, said, bodies, spoken, readings, strict=True)
    return [_article(*row, whole) for row in rows]


def _head(item: Item, whole: _Whole) -> _Head:
    url = whole.url
    base = resolve(url, item.base) or url
    link = _link(item, base)
    item, marked = _unmarked(item)
    own_base = resolve(url, item.base) if item.base and item.base != url else None
    return _Head(item, base, link, said_title(item, whole.feed, whole.source, link), own_base or link or url, marked)


def _article(
    head: _Head,
    said: int,
    body: _Body,
    spoken: tuple[str | None, str | None],
    reading: Reading,
    whole: _Whole,
) -> Article:
    feed, source, now = whole.feed, whole.source, whole.now
    item, base, link, title, _, marked = head
    language, language_from = spoken
    guid = (line(item.guid[: 4 * _GUID])[:_GUID] or None) if item.guid else None
    when = moments(item, link, source.timezone, now, language)
    signed = _signed(item) if item.authors else inherited(feed)
    pictures = images(item, base, body.content, body.markup, credit=None if marked else _of_picture(item, feed))
    return Article(
        id=identity(source.name, link or guid or str(said)),
        source=source.name,
        guid=guid,
        url=link,
        canonical=canonical(link) if link else None,
        title=_title(title, body, link),
        summary=_made(reading.text, title, source.summary_words) if body.summary is None else body.summary,
        content=body.content,
        text=body.text,
        match_text=reading.text,
        digest=said,
        published=when.published,
        published_from=when.published_from,
        updated=when.updated,
        updated_from=when.updated_from,
        first_seen=now,
        sanitiser=SANITISER if body.content else 0,
        authors=authors(signed),
        agency=_agency(reading.agency or marked, item, feed, signed, pictures, language),
        dateline=reading.dateline,
        language=language,
        language_from=language_from,
        categories=categories(item.categories),
        images=pictures,
        enclosures=enclosures(item, base) if item.enclosures else (),
        geo=_geo(item.geo) if item.geo else None,
        comments=_comments(item.comments, base) if item.comments else None,
        rights=_rights(item.rights or feed.rights),
        via=_via(item.via, feed, base) if item.via else None,
        related=_related(item.related, base) if item.related else (),
        paywall=item.paywall or access(item.categories),
    )


# ---------------------------------------------------------------- texts


def _unmarked(item: Item) -> tuple[Item, Agency | None]:
    """An item without the line that marks it as one that we published, and the agency which that credits."""
    content, agency = unmarked(item.content)
    summary, other = unmarked(item.summary)
    if content is item.content and summary is item.summary:
        return item, None
    return replace(item, content=content, summary=summary), agency or other


def _body(title: str, content: Cleaned, summary: Cleaned, most: int) -> _Body:
    """Content, else a summary that is long or has structure: RSS knows only `description` for both.

    A summary that serves as content is no summary, nor is one that only repeats how the content begins: one is then
    made of the text's first sentences, as it is for an item that has none.
    """
    if content.text or content.markup:
        own = summary.text and not repeats(summary.text, content.text) and not only_repeats(summary.text, title)
        return _Body(
            content=content.markup or paragraphs(content.text),
            text=content.text or summary.text,
            summary=shorten(summary.text, most) if own else None,
            markup=summary.markup,
        )
    markup, text = summary
    if text.count(" ") + 1 > WORDS or _STRUCTURE.search(markup):
        return _Body(markup or paragraphs(text), text, None, "")
    return _Body("", text, None, markup)


def _made(text: str, title: str, most: int) -> str:
    """The first sentences of a text; "" where it has but its title."""
    return "" if only_repeats(text, title) else shorten(without_addresses(without_first_line(text, title)), most)


def _title(said: str, body: _Body, link: str | None) -> str:
    """The title as said, else the first sentence, else the link without its scheme; never empty."""
    title = (
        said
        or _URL.sub("", sentence := first_sentence(body.summary or body.text))
        or sentence
        or (link or "").partition("://")[2].rstrip("/")
    )
    return (title if len(title) <= LONGEST else title[: LONGEST - 1] + "…") or "Untitled"


def _rights(said: str | None) -> str | None:
    return (to_text(Text(value=said, type="html")).replace("\n", " ")[:_RIGHTS] or None) if said else None


# ---------------------------------------------------------------- the rest


def _link(item: Item, base: str) -> str | None:
    """The link, else a guid that claims to be one."""
    link = resolve(base, item.link)
    if link is None and item.permalink and item.guid and item.guid.lower().startswith(("http://", "https://")):
        link = resolve(base, item.guid)
    return clean(unwrapped(link)) if link else None


def _comments(said: str, base: str) -> str | None:
    url = resolve(base, said)
    return clean(url) if url else None


def inherited(feed: ParsedFeed) -> tuple[Person, ...]:
    """RFC 4287 section 4.2.1 and JSON Feed 1.1: the feed's authors are its items'; of RSS not the editors."""
    return feed.authors if feed.format.startswith(("atom", "json")) else feed.creators


def _signed(item: Item) -> tuple[Person, ...]:
    """The authors without the source that is named beside them, as in "Jane Doe, The Gazette"; no source is one."""
    via = item.via
    if via is None or not via.title:
        return item.authors
    people = (person for person in item.authors if (person.name, person.uri) != (via.title, via.url) or not via.url)
    return tuple(_without_tail(person, f", {via.title}") for person in people)


def _without_tail(person: Person, tail: str) -> Person:
    name = person.name or ""
    return replace(person, name=name.removesuffix(tail)) if name.endswith(tail) else person


def _agency(
    found: Agency | None,
    item: Item,
    feed: ParsedFeed,
    signed: tuple[Person, ...],
    pictures: tuple[Image, ...],
    language: str | None,
) -> Agency | None:
    """Who the text itself credits, else who signs as the author, else who is credited for the item."""
    if found and found.how != CONTRIBUTORS:
        return found
    names = [name for person in signed if person.name for name in _signing(person.name[:_NAME], language)]
    if names:
        return together(credited(tuple(dict.fromkeys(names)), "author"), found)
    if found or not item.credit or not _is_for_text(item, feed, pictures):
        return found
    return credited(in_field(item.credit, language), "credit")


@lru_cache(maxsize=2048)
def _signing(name: str, language: str | None) -> tuple[str, ...]:
    """Who signs a feed signs often."""
    return by_line(name, language)


def _of_picture(item: Item, feed: ParsedFeed) -> str | None:
    """`media:credit` beside an only picture is that picture's, unless it names who wrote the text, as ours does."""
    if not item.credit or feed.format.startswith(_OF_TEXT) or any(one.name == item.credit for one in item.authors):
        return None
    return item.credit


def _is_for_text(item: Item, feed: ParsedFeed, pictures: tuple[Image, ...]) -> bool:
    """Whether an item's credit is for its text: `media:credit` is a picture's or a film's where there is any.

    Unless every picture has another credit of its own. Pages and JSON Feed say it of the text.
    """
    if feed.format.startswith(_OF_TEXT):
        return True
    return not item.enclosures and all(one.credit and one.credit != item.credit for one in pictures)


def _geo(said: Geo) -> Geo | None:
    latitude, longitude = said.latitude, said.longitude
    name = (line(said.name[: 4 * _PLACE])[:_PLACE] or None) if said.name else None
    if latitude is None or longitude is None or not (_within(latitude, 90) and _within(longitude, 180)):
        return Geo(name=name) if name else None
    if not latitude and not longitude:  # what software says when nobody said anything
        return Geo(name=name) if name else None
    return Geo(latitude=latitude, longitude=longitude, name=name)


def _within(degrees: float, limit: int) -> bool:
    return isfinite(degrees) and -limit <= degrees <= limit


def _via(said: Via, feed: ParsedFeed, base: str) -> Via | None:
    """The feed that an item was taken from, if that is another one than it came with."""
    title = chars(to_text(Text(value=said.title, type="html"))).replace("\n", " ")[:LONGEST] if said.title else None
    url = resolve(base, said.url)
    if url and url == feed.self_link:
        return None
    return Via(title=title or None, url=url) if title or url else None


def _related(said: tuple[Related, ...], base: str) -> tuple[Related, ...]:
    links = ((resolve(base, one.url), line(one.title or "")[:LONGEST] or None) for one in said[:_RELATED])
    return tuple(Related(url=clean(url) if url else None, title=title) for url, title in links if url or title)
