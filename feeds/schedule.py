"""When a source is polled next, and what one answer teaches of it.

`plan` is called once per poll. The hints of design 6 in their order, first to last: a confirmed 410 stops;
Retry-After; back-off after failures; the operator's fixed interval; HTTP freshness; ttl and sy:update; skipHours
and skipDays; the default interval.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zlib import crc32

from msgspec.structs import replace

from feeds.model import DocumentState, Hop, Outcome, ParsedFeed, Poll, Response, Source, SourceState

NEVER = datetime.max.replace(tzinfo=UTC)  # `next_poll` of a source that is gone
FLOOR = timedelta(minutes=15)  # of Retry-After and back-off
CAP = timedelta(hours=24)  # of back-off, freshness, ttl and sy:update
RETRY_CAP = timedelta(days=7)
GONE_AGAIN = timedelta(days=1)
MOVED_SEEN, MOVED_FOR = 3, timedelta(hours=24)
JITTER = 0.05
MAX_VALIDATOR = 1_000  # characters

_RETRY_STATUSES = frozenset({403, 429, 503})
_SY_DEFAULT = timedelta(hours=1)  # what WordPress says of every site, whatever its rhythm
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def plan(
    state: SourceState,
    source: Source,
    poll: Poll,
    *,
    now: datetime,
    default: timedelta,
    response: Response | None = None,
    feed: ParsedFeed | None = None,
) -> SourceState:
    """The state after a poll: next_poll, failures, gone, url and moves, validators, hints, times.

    `default` is the interval of a source that says nothing; `response` is what arrived, if anything did; `feed`
    what was parsed of it, if it was. What the source listed, its body's hash and its title are the pipeline's.

    A source that is gone gets `NEVER`, which no claim reaches. A disabled source is planned like any other, to be
    ready when it is enabled: not claiming it is the store's, and so is setting url, gone and next_poll anew when a
    person edits the configured URL.
    """
    moved = _follow(state, source, response.hops if response else (), poll, now)
    etag, last_modified = validators(state, poll.outcome, response)
    failed = poll.outcome.failed
    after = replace(
        moved,
        etag=etag,
        last_modified=last_modified,
        last_poll=now,
        last_success=state.last_success if failed else now,
        failures=state.failures + 1 if failed else 0,
        last_error=poll.error or (str(poll.outcome) if failed else None),
        gone=0 if poll.outcome is not Outcome.GONE else state.gone + (not _early(state, now)),
        rhythm=state.rhythm if feed is None else _with_hints(state.rhythm, feed),
    )
    headers = response.headers if response else {}
    if failed:
        return replace(after, next_poll=_after_failure(state, after, poll, headers, now))
    return replace(after, next_poll=_after_success(after, source, headers, now, default))


# ---------------------------------------------------------------- failures


def _early(state: SourceState, now: datetime) -> bool:
    """Whether a person asks again before the time set for it: such a second 410 confirms nothing yet."""
    return state.gone > 0 and state.next_poll is not None and now < state.next_poll


def _after_failure(
    before: SourceState, after: SourceState, poll: Poll, headers: Mapping[str, str], now: datetime
) -> datetime:
    if after.gone >= 2:
        return NEVER
    if poll.outcome is Outcome.GONE:
        return before.next_poll if before.next_poll and _early(before, now) else now + GONE_AGAIN
    asked = retry_after(headers, poll.status, now)
    if asked is not None:
        return now + _spread(max(asked - now, FLOOR), after.name, now, later=True)
    doubled = FLOOR * 2 ** min(after.failures - 1, 10)
    return now + _spread(min(doubled, CAP), after.name, now, later=True)


def retry_after(headers: Mapping[str, str], status: int | None, now: datetime) -> datetime | None:
    """When the server of a 429, 503, 403 or 3xx wants to be asked again, at most 7 days on; RFC 9110, 10.2.3.

    After a 429 it speaks for the whole host. None: it did not say, or nothing that can be read or lies ahead.
    """
    if status is None or not (status in _RETRY_STATUSES or (300 <= status < 400 and status != 304)):
        return None
    said = headers.get("retry-after", "").strip()
    wait = _seconds(said)
    if wait is None and (date := _http_date(said)) is not None:
        wait = date - now
    return now + min(wait, RETRY_CAP) if wait is not None and wait > timedelta(0) else None


# ---------------------------------------------------------------- successes


def _after_success(
    state: SourceState, source: Source, headers: Mapping[str, str], now: datetime, default: timedelta
) -> datetime:
    if source.interval is not None:
        return now + _spread(source.interval, state.name, now, later=False)
    hints = _hints(state.rhythm)
    asked = freshness(headers, now) or hints.floor
    wait = max(default, asked)
    return hints.allowed(now + _spread(wait, state.name, now, later=asked >= default * (1 - JITTER)))


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long the server calls its answer fresh, at most 24 h; zero: it does not say. RFC 9111, section 4.2."""
    directives = _directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return timedelta(0)
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"]) or timedelta(0)
        fresh = lifetime - (_seconds(headers.get("age", "").strip()) or timedelta(0))
    else:
        expires = _http_date(headers.get("expires", ""))
        fresh = expires - (_http_date(headers.get("date", "")) or now) if expires else timedelta(0)
    return min(max(fresh, timedelta(0)), CAP)


def _directives(cache_control: str) -> dict[str, str]:
    """The directives by lower-case name; of a repeated one the first counts."""
    found: dict[str, str] = {}
    for part in cache_control[:4096].split(","):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


class _Hints:
    """What the last parsed feed asked of its readers."""

    def __init__(self, floor: timedelta, hours: frozenset[int], days: frozenset[int]) -> None:
        self.floor = floor
        self._hours = hours if len(hours) < 24 else frozenset[int]()
        self._days = days if len(days) < 7 else frozenset[int]()

    def allowed(self, moment: datetime) -> datetime:
        """The moment, or the beginning of the next hour that is neither skipped nor in a skipped day (GMT)."""
        if not self._hours and not self._days:
            return moment
        for _ in range(8 * 24):
            if moment.hour not in self._hours and moment.weekday() not in self._days:
                break
            moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return moment


def _hints(rhythm: str | None) -> _Hints:
    said = _rhythm(rhythm).get("hints")
    said = said if isinstance(said, dict) else {}
    floor = next(iter(_numbers([said.get("floor")])), 0)
    seconds = min(max(floor, 0), int(CAP.total_seconds()))
    return _Hints(timedelta(seconds=seconds), _numbers(said.get("hours")), _numbers(said.get("days")))


def _numbers(said: object) -> frozenset[int]:
    return frozenset(n for n in said if isinstance(n, int)) if isinstance(said, list) else frozenset()


def _rhythm(rhythm: str | None) -> dict[str, Any]:
    try:
        said = json.loads(rhythm or "{}")
    except ValueError:  # written by another version: learnt again from the next feed
        return {}
    return said if isinstance(said, dict) else {}


def _with_hints(rhythm: str | None, feed: ParsedFeed) -> str | None:
    """The rhythm with the feed's hints in place of older ones: they arrive with a body only, and hold over 304s."""
    period = feed.update_period if feed.update_period != _SY_DEFAULT else None
    floor = max(feed.ttl or timedelta(0), period or timedelta(0))
    hints = {
        "floor": int(min(floor, CAP).total_seconds()) if floor > timedelta(0) else 0,
        "hours": sorted({hour % 24 for hour in feed.skip_hours}),
        "days": sorted({_DAYS.index(day) for day in map(_day, feed.skip_days) if day in _DAYS}),
    }
    said = {key: value for key, value in hints.items() if value}
    kept = {key: value for key, value in _rhythm(rhythm).items() if key != "hints"}
    rest = kept | ({"hints": said} if said else {})
    return json.dumps(rest, sort_keys=True) if rest else None


def _day(name: str) -> str:
    return name.strip().lower()


# ---------------------------------------------------------------- validators and moves


def validators(
    state: SourceState | DocumentState, outcome: Outcome, response: Response | None
) -> tuple[str | None, str | None]:
    """The ETag and Last-Modified to send next time, opaque as they came.

    From a complete 200 that was parsed: its own, none where it has none. From a 304: its new ones, the others are
    kept. From anything else: as before.
    """
    if response is None or outcome.failed:
        return state.etag, state.last_modified
    etag, last_modified = _validator(response, "etag"), _validator(response, "last-modified")
    if outcome is Outcome.NOT_MODIFIED or response.status == 304:  # 304, and another of its documents was fresh
        return etag or state.etag, last_modified or state.last_modified
    return etag, last_modified


def _validator(response: Response, name: str) -> str | None:
    value = response.headers.get(name, "")
    return value if 0 < len(value) <= MAX_VALIDATOR else None


def _follow(state: SourceState, source: Source, hops: tuple[Hop, ...], poll: Poll, now: datetime) -> SourceState:
    """The state with a permanent move counted, and made after three sightings over 24 h.

    Only what parsed as a feed (or is known to have) is a sighting. Of a mixed chain the permanent hops before the
    first temporary one count.
    """
    if poll.outcome.failed:
        return state
    target = _permanent_target(hops)
    if target is None or target == state.url or not _may_move(source, target):
        return replace(state, moved_to=None, moved_since=None, moved_seen=0)
    if target != state.moved_to or state.moved_since is None:
        return replace(state, moved_to=target, moved_since=now, moved_seen=1)
    seen = state.moved_seen + 1
    if seen >= MOVED_SEEN and now - state.moved_since >= MOVED_FOR:
        return replace(state, url=target, moved_to=None, moved_since=None, moved_seen=0)
    return replace(state, moved_seen=seen)


def _permanent_target(hops: tuple[Hop, ...]) -> str | None:
    target = None
    for hop in hops:
        if not hop.permanent:
            break
        target = hop.target
    return target


def _may_move(source: Source, target: str) -> bool:
    """Whether the address may be stored: a source with secrets stays on its host, or they would go elsewhere."""
    if not (source.headers or source.private):
        return True
    try:
        old, new = urlsplit(source.url), urlsplit(target)
        return _origin(new) in {_origin(old), ("https", old.hostname, 443)}
    except ValueError:
        return False


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"http": 80, "https": 443}.get(url.scheme)


# ---------------------------------------------------------------- small readers


def _seconds(text: str) -> timedelta | None:
    """A delta-seconds of RFC 9111, section 1.2.2; what is too large is very large."""
    if not re.fullmatch(r"[0-9]{1,100}", text):
        return None
    return timedelta(seconds=min(int(text), 10**9))


def _http_date(text: str) -> datetime | None:
    """An HTTP date in any of its three forms; RFC 9110, section 5.6.7."""
    try:
        date = parsedate_to_datetime(text[:100].strip())
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def _spread(wait: timedelta, name: str, now: datetime, *, later: bool) -> timedelta:
    """The wait, moved by up to 5 % so that sources do not march in step; the same poll gives the same wait.

    Later where a server set the floor. Else earlier, so that a cron job of the same period finds it due.
    """
    share = crc32(f"{name} {now.timestamp():.6f}".encode()) / 2**32
    return wait * (1 + JITTER * share if later else 1 - JITTER * share)
