"""Whether a page may be read, as robots.txt of its site has it: asked for where it is not known."""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from feeds.fetch import robots
from feeds.model import Request, Response
from feeds.pipeline.documents import origin
from feeds.pipeline.exchange import Exchange


class Permit(NamedTuple):
    """Why a page may not be read (None: it may), the pause that its site asks for, and what time it is by now."""

    refusal: str | None
    spacing: timedelta
    now: datetime


def permission(page: Request, memory: robots.Memory, now: datetime) -> Exchange[Permit]:
    """Whether a page may be asked for; to be spaced by `spacing` if so."""
    known = memory.known(page.url, now)
    if known is None:
        answer = yield replace(
            page, url=robots.address(page.url), etag=None, last_modified=None, headers=(), accept=robots.TYPES
        )
        known, now = robots.read(page.url, answer.result, answer.now), answer.now
        memory.keep(page.url, known)
    return Permit(known.refusal(page.url), known.delay, now)


def permission_after(page: Request, response: Response, memory: robots.Memory, now: datetime) -> Exchange[Permit]:
    """Whether what a page redirected to may be read as well: the door has followed it already."""
    if not response.hops:
        return Permit(None, page.spacing, now)
    private = page.private and origin(response.url) == origin(page.url)
    return (yield from permission(replace(page, url=response.url, private=private), memory, now))
