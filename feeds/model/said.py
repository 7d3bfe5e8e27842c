"""What a source says: a parsed document, untouched."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

TextType = Literal["text", "html", "xhtml"]
ParsePath = Literal["strict", "repaired", "lenient", "json", "page"]


class Text(Struct, frozen=True, kw_only=True, gc=False):
    """A text construct; RFC 4287, section 3.1. Only the parser knows the type."""

    value: str
    type: TextType = "text"


class Person(Struct, frozen=True, kw_only=True, gc=False):
    """A person construct; RFC 4287, section 3.2."""

    name: str | None = None
    email: str | None = None
    uri: str | None = None


class Category(Struct, frozen=True, kw_only=True, gc=False):
    """RFC 4287, section 4.2.2; RSS `category` is the term, its `domain` the scheme."""

    term: str
    scheme: str | None = None
    label: str | None = None


class Enclosure(Struct, frozen=True, kw_only=True, gc=False):
    """RSS `enclosure`, Atom `link rel=enclosure`, JSON Feed `attachments`. Length in bytes."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None
    seconds: int | None = None


class Image(Struct, frozen=True, kw_only=True, gc=False):
    """A picture; size in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str | None = None
    credit: str | None = None


class Geo(Struct, frozen=True, kw_only=True, gc=False):
    """A point (WGS 84 degrees) or the name of a place, or both."""

    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None


class Via(Struct, frozen=True, kw_only=True, gc=False):
    """The feed that an item was taken from: RSS `source`, Atom `source`."""

    title: str | None = None
    url: str | None = None


class Related(Struct, frozen=True, kw_only=True, gc=False):
    """Something that an article or its page points to; the URL is None for a teaser that leads nowhere."""

    url: str | None
    title: str | None = None


class Item(Struct, frozen=True, kw_only=True, gc=False):
    """What a source said of one item, untouched: links may be relative (to `base`), dates are strings."""

    guid: str | None = None
    permalink: bool = False  # the guid claims to be the item's URL
    link: str | None = None
    title: Text | None = None
    summary: Text | None = None
    content: Text | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    images: tuple[Image, ...] = ()
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    rights: str | None = None
    comments: str | None = None
    geo: Geo | None = None
    credit: str | None = None  # media:credit, JSON Feed extension: an agency or a photographer
    via: Via | None = None
    base: str | None = None  # what relative links are relative to (xml:base, else the document's URL)
    paywall: bool = False  # it says that readers must pay: schema.org `isAccessibleForFree`, `news:access`
    related: tuple[Related, ...] = ()  # the teasers under "More news" on the item's page


class Problem(Struct, frozen=True, kw_only=True, gc=False):
    """An item that the parser skipped; `reason` is a word of `parse.REASONS`, position counts from 0."""

    reason: str
    position: int | None = None
    detail: str | None = None


class ParsedFeed(Struct, frozen=True, kw_only=True, gc=False):
    """What a document says, and how it had to be read."""

    items: tuple[Item, ...] = ()
    format: str = ""  # rss20, rss10, rss09x, atom10, atom03, json1, json11, sitemap-news, -pages, -index, page, list
    version: str | None = None  # where the format takes in several: 0.91, 0.92
    path: ParsePath = "strict"
    fault: str | None = None  # what its publisher should mend: not well-formed, served as something else
    encoding: str | None = None
    id: str | None = None
    title: Text | None = None
    description: Text | None = None
    link: str | None = None
    self_link: str | None = None
    hub: str | None = None
    language: str | None = None
    rights: str | None = None
    updated: str | None = None
    published: str | None = None
    image: str | None = None
    authors: tuple[Person, ...] = ()
    creators: tuple[Person, ...] = ()  # RSS: who signs for items without an author; no editors
    categories: tuple[Category, ...] = ()
    ttl: timedelta | None = None
    skip_hours: tuple[int, ...] = ()  # 0 to 23, GMT
    skip_days: tuple[str, ...] = ()  # English names
    update_period: timedelta | None = None  # sy:updatePeriod / sy:updateFrequency
    follow: tuple[str, ...] = ()  # URLs that the parser asks for; it never fetches
    followed: tuple[datetime | None, ...] = ()  # when each of these changed, as the document has it
    problems: tuple[Problem, ...] = ()
