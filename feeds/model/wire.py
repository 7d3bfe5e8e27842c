"""What goes over the wire: requests and responses."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct


class Request(Struct, frozen=True, kw_only=True, gc=False):
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
    spacing: timedelta = timedelta(0)  # the pause after it that the host asks for; counts where longer than ours
    deadline: timedelta = timedelta(seconds=60)  # from connect to the last byte, redirects included


class Hop(Struct, frozen=True, kw_only=True, gc=False):
    """One redirect that was followed; RFC 9110, section 15.4. Permanent is 301 or 308."""

    url: str
    status: int
    target: str

    @property
    def permanent(self) -> bool:
        """Whether the server said that the move is for good."""
        return self.status in (301, 308)


class Response(Struct, frozen=True, kw_only=True, gc=False):
    """What came back, complete and decoded; header names are in lower case, repeated ones joined with ", "."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    elapsed: timedelta
    hops: tuple[Hop, ...] = ()
    wire_bytes: int = 0
