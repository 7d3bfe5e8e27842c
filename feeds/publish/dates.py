"""Dates as the site's readers write them: in its zone and language, never relative to now."""

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds.model import Site

if TYPE_CHECKING:
    from babel import Locale


def local(site: Site, when: datetime) -> datetime:
    """The moment in the site's zone."""
    return when.astimezone(ZoneInfo(site.timezone))


@lru_cache(maxsize=4096)
def day(when: date, language: str) -> str:
    """The day in full: "Thursday, January 8, 2026"."""
    from babel.dates import format_date

    return format_date(when, "full", _locale(language))


@lru_cache(maxsize=4096)
def long_date(when: date, language: str) -> str:
    """The date without its weekday: "January 8, 2026"."""
    from babel.dates import format_date

    return format_date(when, "long", _locale(language))


@lru_cache(maxsize=4096)
def clock(hour: int, minute: int, language: str) -> str:
    """The time of day: "15:00", "3:00 PM"."""
    from datetime import time

    from babel.dates import format_time

    return format_time(time(hour, minute), "short", locale=_locale(language))


@lru_cache(maxsize=64)
def _locale(language: str) -> "Locale":
    """The nearest locale that Babel knows; English when it knows none."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")
