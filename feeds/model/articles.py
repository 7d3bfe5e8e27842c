"""What we make of it: articles, and the entries that they are members of."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from feeds.model.said import Category, Enclosure, Geo, Image, Person, Related, Via


class Agency(Struct, frozen=True, kw_only=True, gc=False):
    """The news agency a text is credited to; `how` names the rule that found it."""

    name: str
    how: str
    quoted: tuple[str, ...] = ()  # agencies that the text quotes and that are not its credit
    also: tuple[str, ...] = ()  # others that it is credited to as well

    @property
    def credit(self) -> str:
        """All that it is credited to, as printed."""
        return ", ".join((self.name, *self.also))


class Dateline(Struct, frozen=True, kw_only=True, gc=False):
    """The place and date that a news text opens with: the place in normal capitalisation, the rest as printed."""

    place: str | None = None
    country: str | None = None
    date: str | None = None


class Article(Struct, frozen=True, kw_only=True, gc=False):
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
    language_from: str | None = None  # item, feed, source: who declared it; detected
    categories: tuple[Category, ...] = ()
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    geo: Geo | None = None
    comments: str | None = None
    rights: str | None = None
    via: Via | None = None
    revision: int = 0  # how many material changes we have seen
    related: tuple[Related, ...] = ()
    paywall: bool = False  # its page says that readers must pay


class EntryState(StrEnum):
    """Where an entry stands."""

    LIVE = "live"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class Member(Struct, frozen=True, kw_only=True, gc=False):
    """Why an article belongs to its entry: the rule, the article it was compared with, the scores."""

    article: str
    source: str
    rule: str  # first, same url, same text, wire copy: near, wire copy: contained; late: and one of these; by hand
    counterpart: str | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    joined: datetime | None = None
    text_key: int | None = None  # of a wire copy: the text that was compared
    passages: tuple[str, ...] = ()  # the longest that both print
    swaps: tuple[tuple[str, str], ...] = ()  # its words, and the counterpart's in their place


class Decision(Struct, frozen=True, kw_only=True, gc=False):
    """What was decided of two entries after they were there: by a person, or (late ones) by the rules.

    `left` and `before` are what came out or went in, and why each was where it was.
    """

    kind: str  # split, join, late merge, late split
    entry: str  # the id that stays, or lives
    other: str  # the id that came out, or went in
    person: str | None
    reason: str
    at: datetime
    left: tuple[str, ...] = ()  # articles
    before: tuple[Member, ...] = ()


class Grouped(Struct, frozen=True, kw_only=True, gc=False):
    """Why an entry belongs to a story, or, with a score below the bound, why it does not."""

    score: float
    bound: float
    nearest: int  # the number of that story's first entry
    days: float = 0.0  # between the entry and the newest of the story
    words: tuple[str, ...] = ()  # the terms that decided, heaviest first


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """The published unit; its id is that of its first article and never changes."""

    id: str
    lead: str  # an article's id
    published: datetime  # shown
    updated: datetime  # moves on material change only, never backwards
    first_seen: datetime  # when we had it first
    state: EntryState = EntryState.LIVE
    members: tuple[Member, ...] = ()
