"""Which articles are the same: layers 0 (same item), 1 (exact text) and 2 (wire copy); 3: same event. Pure."""

from feeds.dedupe.decide import WINDOW, Joined, agrees, join, lead
from feeds.dedupe.families import Family
from feeds.dedupe.identity import Identity, another_id, identify
from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head, draft, guid_key, is_trusted
from feeds.dedupe.stories import STORY_WINDOW, Match, Story
from feeds.dedupe.terms import Lexicon, Terms, terms_of
from feeds.dedupe.versions import superseded
from feeds.dedupe.wire import Candidates, Copy, candidates, copy_of, worth

__all__ = [
    "ENOUGH_WORDS",
    "STORY_WINDOW",
    "WINDOW",
    "Candidates",
    "Copy",
    "Draft",
    "Family",
    "Head",
    "Identity",
    "Joined",
    "Lexicon",
    "Match",
    "Story",
    "Terms",
    "agrees",
    "another_id",
    "candidates",
    "copy_of",
    "draft",
    "guid_key",
    "identify",
    "is_trusted",
    "join",
    "lead",
    "superseded",
    "terms_of",
    "worth",
]
