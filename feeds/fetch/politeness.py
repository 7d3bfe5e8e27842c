"""How often and how many at a time a host is asked. Times are seconds on one clock, handed in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from math import inf

from feeds.fetch.hops import origin

BOUND = timedelta(days=7)  # the longest wish that is granted
UNSAID = timedelta(minutes=15)  # for 429 without a word on how long
REMEMBERED = 4096


def host_of(url: str) -> str:
    """What `per_host` and spacing count by: the host name; on the loopback, where ports are servers, the port too."""
    _, host, port = origin(url)
    return f"{host}:{port}" if _loopback(host) else host


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def wished(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long a 429 asks to be left alone (Retry-After: RFC 9110, section 10.2.3)."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:9])), BOUND)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return UNSAID
    return max(timedelta(0), min(until.replace(tzinfo=until.tzinfo or UTC) - now, BOUND))


class Hosts:
    """Who may be asked when. Not locked: its owner does that."""

    def __init__(self, per_host: int, spacing: timedelta) -> None:
        self._per_host = per_host
        self._spacing = spacing.total_seconds()
        self._running: dict[str, int] = {}
        self._next: dict[str, float] = {}

    def free_at(self, host: str) -> float:
        """When the host may be asked again: infinity while it is busy."""
        return inf if self._running.get(host, 0) >= self._per_host else self._next.get(host, 0.0)

    def start(self, host: str, now: float, wish: timedelta = timedelta(0)) -> None:
        """A request to the host begins; `wish` is the pause after it that the host asks for."""
        self._running[host] = self._running.get(host, 0) + 1
        pause = max(self._spacing, wish.total_seconds())
        if pause:
            self._next[host] = now + pause
            if len(self._next) > REMEMBERED:
                self._next = {host: at for host, at in self._next.items() if at > now}

    def end(self, host: str) -> None:
        """A request to the host has ended."""
        self._running[host] -= 1
        if not self._running[host]:
            del self._running[host]
