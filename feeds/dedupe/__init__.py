"""Which articles are the same: layers 0 (same item) and 1 (exact text) of the house's plan. Pure."""

from feeds.dedupe.decide import WINDOW, Joined, join, lead
from feeds.dedupe.identity import Identity, another_id, identify
from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head, draft, guid_key, is_trusted
from feeds.dedupe.versions import superseded

__all__ = [
    "ENOUGH_WORDS",
    "WINDOW",
    "Draft",
    "Head",
    "Identity",
    "Joined",
    "another_id",
    "draft",
    "guid_key",
    "identify",
    "is_trusted",
    "join",
    "lead",
    "superseded",
]
