"""What a ParsedFeed looks like in the expectations under data/: only what was said, short forms of the values."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from feeds.model import ParsedFeed, Text
from tests.values import names


def shown(value: Any) -> Any:
    """A value as JSON has it: a Text is [type, value], a duration minutes, a moment ISO 8601; defaults are left out."""
    if isinstance(value, Text):
        return [value.type, value.value]
    if isinstance(value, timedelta):
        return value / timedelta(minutes=1)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    if said := {name: getattr(value, name) for name in names(value)}:
        return {name: shown(one) for name, one in said.items() if one not in (None, (), False)}
    return value


def reading(feed: ParsedFeed) -> dict[str, Any]:
    """All that a feed says; its fault is told in words that change with libxml2's versions."""
    return shown(replace(feed, fault=None))
