"""What polling remembers: outcomes, the state of a source, claims."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from feeds.model.said import ParsePath, Problem


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
    DISALLOWED = "disallowed"  # robots.txt does not let us read the page
    CRASHED = "crashed"  # a fault of ours; logged with its trace

    @property
    def failed(self) -> bool:
        """Whether the source's articles could not be looked at."""
        return self not in (Outcome.FRESH, Outcome.SAME_BYTES, Outcome.NOT_MODIFIED)


class DocumentState(Struct, frozen=True, kw_only=True, gc=False):
    """What we remember of a document that a source's own one leads to: a sitemap of an index."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: int | None = None
    listed: frozenset[int] = frozenset()  # the digests of the items it last listed
    follow: tuple[str, ...] = ()  # the documents that it leads to itself
    changed: datetime | None = None  # as the document that leads to it last had it
    asked: datetime | None = None


class Wanted(Struct, frozen=True, kw_only=True, gc=False):
    """An article whose page is still to be asked for its text: by the digest of what its item said."""

    url: str
    digest: int
    tries: int = 0  # that failed


class SourceState(Struct, frozen=True, kw_only=True, gc=False):
    """What we remember of a source between polls."""

    name: str
    url: str  # in use: the configured one, or where it moved for good
    etag: str | None = None
    last_modified: str | None = None
    body_hash: int | None = None
    listed: frozenset[int] = frozenset()  # the digests of the items it last listed, in all its documents
    follow: tuple[str, ...] = ()  # the documents that its own one leads to
    documents: tuple[DocumentState, ...] = ()  # those of them that were asked
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
    rhythm: str | None = None  # opaque, owned by `schedule`; JSON
    wanted: tuple[Wanted, ...] = ()  # with `full_text`: what was beyond one poll's pages, the next first
    origin: str | None = None  # what the id that feeds print of it is made of; None: its name


class Claim(Struct, frozen=True, kw_only=True, gc=False):
    """The right to poll a source until the lease ends; every write checks the token."""

    state: SourceState
    token: int
    until: datetime


class Poll(Struct, frozen=True, kw_only=True, gc=False):
    """What one poll came to: stored, logged, counted, shown."""

    source: str
    at: datetime
    outcome: Outcome
    status: int | None = None
    error: str | None = None  # one sentence; of a poll that did not fail: what it could not read
    elapsed: timedelta = timedelta(0)
    wire_bytes: int = 0
    format: str | None = None
    path: ParsePath | None = None
    items: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0  # new ones that joined an entry of another article
    merged_late: int = 0  # entries that went into another's, once they said the same
    dropped: int = 0
    unrouted: int = 0  # new ones that landed in no section
    skipped: tuple[Problem, ...] = ()
