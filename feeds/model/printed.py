"""What is published: entries under policies, editions, documents."""

from datetime import datetime

from msgspec import Struct

from feeds.model.articles import Article, Entry
from feeds.model.configured import ContentPolicy, ImagePolicy, LinkPolicy, Section, Site
from feeds.model.said import Related


class Carrier(Struct, frozen=True, kw_only=True, gc=False):
    """One source's copy of an entry, as its readers are told of it."""

    source: str
    title: str
    home: str | None
    url: str | None  # where it can be read; None for a private source
    published: datetime
    origin: str | None = None  # what its printed id is made of; None: its name


class Sibling(Struct, frozen=True, kw_only=True, gc=False):
    """Another entry about the same event, as "More news" names it; it has a page of ours."""

    id: str
    title: str
    language: str | None
    source: str  # the title of the source that leads it
    published: datetime


class EntryView(Struct, frozen=True, kw_only=True, gc=False):
    """An entry made ready for print: one carrier's copy, under that carrier's policies."""

    entry: Entry
    lead: Article
    carrier: Carrier  # of the lead
    others: tuple[Carrier, ...] = ()  # who else carried it
    sections: tuple[str, ...] = ()
    content_policy: ContentPolicy = "summary"
    link_policy: LinkPolicy = "original"
    image_policy: ImagePolicy = "link"
    first: Carrier | None = None  # who carried it first, when another leads: links stay with the first
    survivor: Sibling | None = None  # of an alias: the entry that it went into
    paywall: bool = False
    rights: str | None = None
    more: tuple[Sibling, ...] = ()  # "More news": of the same story, newest first
    related: tuple[Related, ...] = ()  # "More news" of the lead's own page
    inside: tuple["EntryView", ...] = ()  # of the same story, where a section merges them: the newest, newest first
    further: int = 0  # how many more of them there are


class Edition(Struct, frozen=True, kw_only=True, gc=False):
    """Everything that one section's feeds and pages are made of; the same edition, the same bytes."""

    site: Site
    section: Section
    entries: tuple[EntryView, ...]
    updated: datetime  # of the feed; stored, never "now"
    sections: tuple[Section, ...] = ()  # all, for navigation


class Document(Struct, frozen=True, kw_only=True, gc=False):
    """A file to publish; the path is relative to the output, with forward slashes."""

    path: str
    media_type: str
    data: bytes
