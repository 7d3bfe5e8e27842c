"""The values that travel between the rooms.

All are frozen. Times are aware UTC datetimes, durations `timedelta`, sequences tuples. From `normalise`
on, text is NFC and holds only characters of XML 1.0 `Char`. None means: not said, not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

ContentPolicy = Literal["full", "summary", "headline"]
LinkPolicy = Literal["original", "page"]
ImagePolicy = Literal["none", "link", "copy"]
TextType = Literal["text", "html", "xhtml"]
ParsePath = Literal["strict", "repaired", "lenient", "json"]


class Outcome(StrEnum):
    """What one poll came to. Every word but the first three is a failure."""

    FRESH = "fresh"  # a new body, parsed and settled
    SAME_BYTES = "same bytes"  # 200 with the body that we know
    NOT_MODIFIED = "not modified"  # 304
    UNREACHABLE = "unreachable"  # no address, refused, reset, no network
    TIMEOUT = "timeout"  # over the deadline of the whole request
    TOO_LARGE = "too large"  # over a cap: wire bytes, decoded bytes, headers
    REDIRECT = "redirect"  # a loop, too many hops, a hop that leads nowhere
    FORBIDDEN_ADDRESS = "forbidden address"  # the address guard refused
    BAD_RESPONSE = "bad response"  # not HTTP, cut off, undecodable
    HTTP_ERROR = "http error"  # a status of 400 or more
    GONE = "gone"  # 410
    RATE_LIMITED = "rate limited"  # 429
    NOT_A_FEED = "not a feed"  # HTML, an image, ...
    EMPTY = "empty"  # no bytes, or nothing but white space
    UNPARSEABLE = "unparseable"  # looks like a feed and cannot be read
    CRASHED = "crashed"  # a fault of ours; logged with its trace

    @property
    def failed(self) -> bool:
        """Whether the source's articles could not be looked at."""
        return self not in (Outcome.FRESH, Outcome.SAME_BYTES, Outcome.NOT_MODIFIED)


# ---------------------------------------------------------------- what a source says


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text construct; RFC 4287, section 3.1. Only the parser knows the type."""

    value: str
    type: TextType = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person construct; RFC 4287, section 3.2."""

    name: str | None = None
    email: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """RFC 4287, section 4.2.2; RSS `category` is the term, its `domain` the scheme."""

    term: str
    scheme: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """RSS `enclosure`, Atom `link rel=enclosure`, JSON Feed `attachments`. Length in bytes."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture; size in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo:
    """A point (WGS 84 degrees) or the name of a place, or both."""

    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """The feed that an item was taken from: RSS `source`, Atom `source`."""

    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An item that the parser skipped; `reason` is a word of `parse.REASONS`, position counts from 0."""

    reason: str
    position: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a document says, and how it had to be read."""

    items: tuple[Item, ...] = ()
    format: str = ""  # rss20, rss10, rss09x, atom10, atom03, json1, json11
    path: ParsePath = "strict"
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
    categories: tuple[Category, ...] = ()
    ttl: timedelta | None = None
    skip_hours: tuple[int, ...] = ()  # 0 to 23, GMT
    skip_days: tuple[str, ...] = ()  # English names
    update_period: timedelta | None = None  # sy:updatePeriod / sy:updateFrequency
    follow: tuple[str, ...] = ()  # URLs that the parser asks for; it never fetches
    problems: tuple[Problem, ...] = ()


# ---------------------------------------------------------------- the wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to fetch. `key` is the caller's own (a source's name); validators are sent as they are."""

    key: str
    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes | None = None
    etag: str | None = None
    last_modified: str | None = None
    headers: tuple[tuple[str, str], ...] = ()  # a source's own, may hold secrets: never sent to another origin
    accept: str | None = None  # None: feed types
    private: bool = False  # the URL's own host:port may be at a private address (never a redirect's)
    deadline: timedelta = timedelta(seconds=60)  # from connect to the last byte, redirects included


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed; RFC 9110, section 15.4. Permanent is 301 or 308."""

    url: str
    status: int
    target: str

    @property
    def permanent(self) -> bool:
        """Whether the server said that the move is for good."""
        return self.status in (301, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back, complete and decoded; header names are in lower case, repeated ones joined with ", "."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    elapsed: timedelta
    hops: tuple[Hop, ...] = ()
    wire_bytes: int = 0


# ---------------------------------------------------------------- what we make of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The news agency a text is credited to; `how` names the rule that found it."""

    name: str
    how: str
    quoted: tuple[str, ...] = ()  # agencies that the text quotes and that are not its credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The place and date that a news text opens with, as printed."""

    place: str | None = None
    country: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Something that an article or its page points to."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The common schema: one per item of a source, also when it is a copy.

    `normalise` proposes `id` and `first_seen`; for an article that we know, `dedupe` puts back the stored ones.
    """

    id: str  # urn:uuid:…
    source: str
    guid: str | None
    url: str | None  # as said, absolute, without known tracking parameters
    canonical: str | None  # a key; never printed
    title: str
    summary: str  # plain text
    content: str  # sanitised HTML; "" when the source gives none
    text: str  # plain text of content, else of summary
    match_text: str  # text without dateline and credit
    digest: int  # signed 64-bit hash of what the source said
    published: datetime
    published_from: str  # which rung of the ladder: published, updated, url, first seen
    updated: datetime
    updated_from: str
    first_seen: datetime
    sanitiser: int = 0  # the version of the rules that cleaned content
    authors: tuple[Person, ...] = ()
    agency: Agency | None = None
    dateline: Dateline | None = None
    language: str | None = None
    categories: tuple[Category, ...] = ()
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    geo: Geo | None = None
    comments: str | None = None
    rights: str | None = None
    via: Via | None = None
    revision: int = 0  # how many material changes we have seen
    related: tuple[Related, ...] = ()


class EntryState(StrEnum):
    """Where an entry stands."""

    LIVE = "live"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Why an article belongs to its entry: the rule, the article it was compared with, the scores."""

    article: str
    source: str
    rule: str  # first, same url, same text
    counterpart: str | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    joined: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The published unit; its id is that of its first article and never changes."""

    id: str
    lead: str  # an article's id
    published: datetime  # shown
    updated: datetime  # moves on material change only, never backwards
    first_seen: datetime  # when we had it first
    state: EntryState = EntryState.LIVE
    members: tuple[Member, ...] = ()


# ---------------------------------------------------------------- what is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Patterns over articles; any one that hits is a hit. Keywords are whole words, case and accents folded.

    A keyword or URL pattern written "/…/" is a regular expression; a URL pattern without slashes at both ends
    is a shell-style glob over the whole URL.
    """

    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.categories or self.keywords or self.urls or self.languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configured source; its name is its identity everywhere."""

    name: str
    url: str
    title: str | None = None  # None: what the feed calls itself
    home: str | None = None
    formerly: tuple[str, ...] = ()
    disabled: bool = False
    interval: timedelta | None = None  # the operator's fixed interval
    priority: int = 0  # higher leads
    sections: tuple[str, ...] = ()
    language: str | None = None
    timezone: str | None = None  # for dates without a zone
    headers: tuple[tuple[str, str], ...] = ()
    content: ContentPolicy = "summary"
    link: LinkPolicy | None = None  # None: page for full, original otherwise
    images: ImagePolicy = "link"
    rights: str | None = None
    note: str | None = None
    private: bool = False
    paywall: bool = False
    dedupe: bool = True
    drop: Rules = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One configured section: its rules and the shape of its feeds."""

    name: str
    title: str
    description: str | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()  # empty: all
    match: Rules = Rules()
    exclude: Rules = Rules()
    limit: int = 100
    window: timedelta = timedelta(hours=48)
    max_age: timedelta | None = None
    per_source: int | None = None  # at most so many entries of one source


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as its readers see it."""

    title: str
    base_url: str  # ends with a slash
    contact: str | None = None
    description: str | None = None
    language: str = "en"
    timezone: str = "UTC"
    rights: str | None = None


# ---------------------------------------------------------------- the state of a source, polls


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we remember of a source between polls."""

    name: str
    url: str  # in use: the configured one, or where it moved for good
    etag: str | None = None
    last_modified: str | None = None
    body_hash: int | None = None
    listed: frozenset[int] = frozenset()  # the digests of the items it last listed
    next_poll: datetime | None = None  # None: never asked yet
    last_poll: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0  # in a row
    last_error: str | None = None
    gone: int = 0  # answers of 410 in a row
    moved_to: str | None = None  # where every hop was permanent
    moved_since: datetime | None = None
    moved_seen: int = 0
    title: str | None = None  # what the feed calls itself
    home: str | None = None
    language: str | None = None
    rhythm: str | None = None  # opaque, owned by `schedule`; JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to poll a source until the lease ends; every write checks the token."""

    state: SourceState
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll came to: stored, logged, counted, shown."""

    source: str
    at: datetime
    outcome: Outcome
    status: int | None = None
    error: str | None = None  # one sentence
    elapsed: timedelta = timedelta(0)
    wire_bytes: int = 0
    format: str | None = None
    path: ParsePath | None = None
    items: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0  # new ones that joined an entry of another article
    dropped: int = 0
    unrouted: int = 0  # new ones that landed in no section
    skipped: tuple[Problem, ...] = ()


# ---------------------------------------------------------------- what is published


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One source's copy of an entry, as its readers are told of it."""

    source: str
    title: str
    home: str | None
    url: str | None  # where it can be read; None for a private source
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry made ready for print: one carrier's copy, under that carrier's policies."""

    entry: Entry
    lead: Article
    carrier: Carrier  # of the lead
    others: tuple[Carrier, ...] = ()  # who else carried it
    sections: tuple[str, ...] = ()
    content_policy: ContentPolicy = "summary"
    link_policy: LinkPolicy = "original"
    image_policy: ImagePolicy = "link"
    paywall: bool = False
    rights: str | None = None
    related: tuple[Related, ...] = ()  # "More news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Everything that one section's feeds and pages are made of; the same edition, the same bytes."""

    site: Site
    section: Section
    entries: tuple[EntryView, ...]
    updated: datetime  # of the feed; stored, never "now"
    sections: tuple[Section, ...] = ()  # all, for navigation


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file to publish; the path is relative to the output, with forward slashes."""

    path: str
    media_type: str
    data: bytes
