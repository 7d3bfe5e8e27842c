"""What robots.txt of a site lets us read: RFC 9309. Pure, but for a memory of what was read."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feeds.errors import FetchError
from feeds.fetch.bounds import Cut
from feeds.fetch.hops import origin, place
from feeds.model import Outcome, Response

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "Copydesk"
TYPES = "text/plain, */*;q=0.1"
MOST = 500 * 1024  # bytes that are read: section 2.5
KEPT = timedelta(hours=24)  # section 2.4
KEPT_CLOSED = timedelta(minutes=15)  # of a site whose robots.txt cannot be had now
MOST_DELAY = timedelta(seconds=60)
REMEMBERED = 4096

# A line that names a robot, in every spelling that Protego takes for one.
_AGENT = re.compile(r"^[^\S\n]*+user[^\S\n]*+-?[^\S\n]*+agent(?![\w-])[^\S\n]*+:?(.*)$", re.I | re.M)


@dataclass(frozen=True)
class Robots:
    """What a site lets us read until then. Without `text` everything, with `closed` (why) nothing."""

    site: str
    until: datetime
    text: str = ""
    closed: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why a page of the site may not be read; None: it may."""
        if self.closed:
            return f"robots.txt of {self.site} cannot be read ({self.closed}), so none of its pages is read for now"
        if not self.text or self._rules.can_fetch(url, PRODUCT):
            return None
        path = urlsplit(url).path or "/"
        return (
            f"robots.txt of {self.site} does not allow {path[:200]} for {PRODUCT}; ask its owner, or remove the source"
        )

    @property
    def delay(self) -> timedelta:
        """The pause between two requests that the site asks for, at most a minute; not in the RFC, but common."""
        seconds = self._rules.crawl_delay(PRODUCT) if self.text else None
        return min(timedelta(seconds=min(seconds, 3600)), MOST_DELAY) if seconds else timedelta(0)

    @cached_property
    def _rules(self) -> "Protego":
        from protego import Protego

        lines = "\n".join(self.text.splitlines())
        return Protego.parse(_AGENT.sub(_agent, lines))


def _agent(line: re.Match[str]) -> str:
    """The line with our name, all robots', or that of another: Protego's time grows with robots × rules."""
    name = line[1].partition("#")[0].strip()
    if name not in ("", "*"):
        name = PRODUCT if name.partition("/")[0].strip("* ").lower() == PRODUCT.lower() else "another"
    return f"User-agent: {name}"


def address(url: str) -> str:
    """Where robots.txt for a URL lies: section 2.3."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def read(url: str, answer: Response | FetchError, now: datetime) -> Robots:
    """What the answer to a request for robots.txt means for the site of `url`: section 2.3.1."""
    site = place(url)
    if isinstance(answer, FetchError):
        if answer.kind == Outcome.REDIRECT:  # too many, or in a circle: as if there were none
            return Robots(site, now + KEPT)
        return Robots(site, now + KEPT_CLOSED, closed=str(answer).rstrip("."))
    if answer.status >= 500 or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Robots(site, now + KEPT_CLOSED, closed=f"the server answered {answer.status}")
    if not 200 <= answer.status < 300:
        return Robots(site, now + KEPT)
    return Robots(site, now + KEPT, text=answer.body[:MOST].decode("utf-8-sig", "replace"))


class Memory:
    """What was read of robots.txt, by origin."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int], Robots] = {}

    def known(self, url: str, now: datetime) -> Robots | None:
        """What is known of the site of `url`; None: it has to be asked."""
        try:
            found = self._known.get(origin(url))
        except Cut:
            return None
        return found if found and now < found.until else None

    def keep(self, url: str, robots: Robots) -> None:
        """Remember it, and forget the oldest."""
        try:
            self._known[origin(url)] = robots
        except Cut:
            return
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
