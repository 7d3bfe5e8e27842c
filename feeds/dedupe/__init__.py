"""Which articles are the same: layers 0 (same item) and 1 (exact text) of the house's plan. Pure."""

from feeds.dedupe.decide import WINDOW, Joined, join, lead
from feeds.dedupe.identity import Identity, another_id, identify
from feeds.dedupe.keys import Draft, Head, draft, said_keys

__all__ = [
    "WINDOW",
    "Draft",
    "Head",
    "Identity",
    "Joined",
    "another_id",
    "draft",
    "identify",
    "join",
    "lead",
    "said_keys",
]
