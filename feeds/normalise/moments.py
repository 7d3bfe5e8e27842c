"""When an article was published and updated: ladders over what its source says."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feeds.model import Item
from feeds.normalise.calendar import month as month_named
from feeds.normalise.dates import parse_date

_SLACK = timedelta(minutes=1)  # clocks differ
_IN_URL = re.compile(r"/((?:19|20)\d\d)([/-]?)(\d{1,2}|(?<=[/-])[a-z]{3})\2(\d{1,2})(?![\da-z])", re.A)
_AT_END = re.compile(r"[-_/]((?:19|20)\d\d)(-?)(\d\d)\2(\d\d)(?:[-_][\w-]{1,20})?(?:\.[a-z]{3,5})?/?$", re.A)


class Moments(NamedTuple):
    """The two dates of an article, and the rungs that they stand on."""

    published: datetime
    published_from: str
    updated: datetime
    updated_from: str


def moments(item: Item, url: str | None, timezone: str | None, now: datetime, language: str | None = None) -> Moments:
    """Published: as said, else updated, else the date in the URL, else `now` ("first seen").

    Nothing lies in the future beyond a minute: then it is `now`, from "future". Years before 1990, and 9999, are
    not believed. The feed's own dates are never taken. Updated is never before published. `timezone` is for dates
    that name no zone, `language` for those that can be read in two ways.
    """
    zone = _zone(timezone) if timezone else None
    said, changed = _said(item.published, zone, now, language), _said(item.updated, zone, now, language)
    if said or changed:
        published, published_from = _past(said or changed or now, "published" if said else "updated", now)
    elif (found := day_in(url, zone)) and found <= now:
        published, published_from = found, "url"
    else:
        published, published_from = now, "first seen"
    updated, updated_from = _past(changed, "updated", now) if changed else (published, published_from)
    if updated < published:
        updated, updated_from = published, published_from
    return Moments(published, published_from, updated, updated_from)


def _said(text: str | None, zone: tzinfo | None, now: datetime, language: str | None) -> datetime | None:
    moment = parse_date(text, zone, now, language) if text else None
    return moment if moment and 1990 <= moment.year < 9999 else None


def _past(moment: datetime, rung: str, now: datetime) -> tuple[datetime, str]:
    return (moment, rung) if moment <= now + _SLACK else (now, "future")


def day_in(url: str | None, zone: tzinfo | None = None) -> datetime | None:
    """The day in a path: /2026/01/08/, /2026/jan/08/, /2026-01-08, or at its end, as in /a-story-20260108.html."""
    path = url.partition("?")[0] if url else ""
    match = _IN_URL.search(path) or _AT_END.search(path)
    if match is None or (not match[2] and len(match[3] + match[4]) != 4):
        return None
    month = int(match[3]) if match[3].isdigit() else month_named(match[3]) or 0
    try:
        moment = datetime(int(match[1]), month, int(match[4]), tzinfo=zone or UTC).astimezone(UTC)
    except ValueError:
        return None
    return moment if moment.year >= 1990 else None


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None
