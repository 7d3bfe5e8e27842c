"""Straying: a lead, or a copy, that comes to say something else than its entry, at once or step by step."""

from collections.abc import Collection, Iterable

from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head
from feeds.dedupe.match import compare, without, words_of
from feeds.dedupe.wire import Copy, candidates
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
    return bool(others) and not _like_any(one, settled, others)


def is_apart(desk: Desk, one: Draft, head: Head, settled: Article) -> bool:
    """Whether a copy shares less than half of either text with every other one of its entry: nobody has its words.

    Nor without what stands in many entries, as it was compared when it joined: a site may print more of that than of
    any text. Not when a source whose articles are filled by their pages says less than before: the page may still come.
    Nor when less than half is left under the title that it had: a feed that is cut to standfirsts would show all again.
    """
    if one.words < head.words and desk.rules.sources[head.source].full_text:
        return False
    if 2 * one.words < head.words and one.title_key == head.title_key:
        return False
    desk.likeness.load([head.entry])
    others = [c for c in desk.likeness.copies[head.entry] if c.head.row != head.row]
    if not others or _like_any(one, settled, others):
        return False
    common = candidates(one.anchors, desk.likeness.postings).common
    return not common or not _like_any(one, settled, others, common)


def _like_any(one: Draft, settled: Article, others: Iterable[Copy], common: Collection[int] = ()) -> bool:
    """Whether it has half of either text with one of these; or too little to tell, without what is common."""
    text = without(words_of(settled.title, settled.match_text), common)
    if common and len(text.folded) < ENOUGH_WORDS:
        return True
    theirs = ((c.head.text_key, without(c.words, common)) for c in others)
    return any(key == one.text_key or max(compare(text, words).shares) >= HALF for key, words in theirs)
