"""What a configuration comes to."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, quote_plus

from feeds.model import Rules, Section, Site, Source

SHORTEST_SECRET = 4  # characters; "80" or "uk" are no secrets, and masking them would garble every line
OUR_WORDS = frozenset({"copydesk", "feeds", "password", "postgres"})  # likewise, where they are a database's password


@dataclass(frozen=True, slots=True)
class Secrets:
    """The values that no output may show; printing it shows none."""

    values: frozenset[str] = field(default=frozenset(), repr=False)

    def mask(self, text: str) -> str:
        """The text with "***" for every secret, also where it is percent-encoded."""
        pattern = _pattern(self.values)
        return pattern.sub("***", text) if pattern else text


@lru_cache(maxsize=16)
def _pattern(values: frozenset[str]) -> re.Pattern[str] | None:
    long = [value for value in values if len(value) >= SHORTEST_SECRET and value not in OUR_WORDS]
    forms = {form for value in long for form in (value, quote(value), quote(value, safe=""), quote_plus(value))}
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True)))) if forms else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How sources are asked."""

    interval: timedelta = timedelta(minutes=30)  # of a source that names none
    workers: int = 16
    per_host: int = 1  # requests at a time
    spacing: timedelta = timedelta(seconds=1)  # between two requests to a host
    deadline: timedelta = timedelta(seconds=60)  # of a whole request, redirects included
    first_items: int = 10  # of a source's first poll that may enter sections
    first_age: timedelta = timedelta(hours=48)  # and how old they may be
    wire_bytes: int = 8 * 1024 * 1024  # of one answer
    decoded_bytes: int = 16 * 1024 * 1024  # of one answer, decompressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration that holds together; paths are absolute."""

    path: Path
    site: Site
    output: Path
    store_url: str = field(repr=False)  # an SQLAlchemy URL; may hold a password
    keep: timedelta
    polling: Polling
    drop: Rules  # site-wide
    sections: tuple[Section, ...]  # in the order of the file
    sources: tuple[Source, ...]
    secrets: Secrets = Secrets()
