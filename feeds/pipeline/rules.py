"""What of the configuration decides, as the pipeline takes it."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from feeds.model import Rules, Section, Source

NO_RULES = Rules()


class Manner(Struct, frozen=True, kw_only=True):
    """How sources are read: what is dropped everywhere, and how often a source is asked that names no interval."""

    drop: Rules = NO_RULES
    interval: timedelta = timedelta(minutes=30)
    deadline: timedelta = timedelta(seconds=60)


class Rulebook(Struct, frozen=True, kw_only=True):
    """What of the configuration decides: sources by name, sections, and the bounds of a first poll."""

    sources: Mapping[str, Source]
    sections: tuple[Section, ...]
    first_items: int
    first_age: timedelta
    spacing: timedelta
