"""Straying: a lead that comes to say something else than its entry, at once or step by step."""

from feeds.dedupe import Draft, Head
from feeds.dedupe.match import compare, words_of
from feeds.model import Article
from feeds.normalise.revision import is_another_text
from feeds.pipeline.desk import Desk

HALF = 0.5


def strays(desk: Desk, one: Draft, head: Head, old: Article, settled: Article) -> bool:
    """Whether half of a lead's words are gone, or it shares less than half of either text with any other source's copy.

    The first alone would let every small change pass, until another's article stands under words that nobody
    else has. Texts that are too short to be compared have only the first.
    """
    if is_another_text(old, settled):
        return True
    if one.text_key == head.text_key or (head.entry not in desk.shared and head.entry not in desk.rerouted):
        return False
    desk.likeness.load([head.entry])
    others = [c for c in desk.likeness.copies[head.entry] if c.head.source != head.source]
    text = words_of(settled.title, settled.match_text)
    alike = (c.head.text_key == one.text_key or max(compare(text, c.words).shares) >= HALF for c in others)
    return bool(others) and not any(alike)
