"""Layer 2, wire copy: the same text under another headline, dateline or credit, cut short, or as a summary. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from feeds.dedupe.decide import Joined, may_join
from feeds.dedupe.fingerprint import expected
from feeds.dedupe.keys import Draft, Head
from feeds.dedupe.match import LIMITS, Comparison, Limits, Words, compare, titles_fit, without, words_of
from feeds.model import Source

COMMON = 5  # entries that have an anchor: it is of a footer, or of a template; more are not kept
ENOUGH = 0.2  # of the anchors of the shorter text; with fewer shared it is not worth a comparison
MET = 2  # anchors that an entry and a new text share, to be compared
BEST = 6  # entries that are compared
COMPARED = 5  # members of each

Postings = Mapping[int, Collection[int]]  # anchor -> entries


class Candidates(NamedTuple):
    """Entries that share most with a text, best first, with how many anchors; those of its anchors that are common."""

    met: Mapping[int, int]
    common: frozenset[int]


@dataclass(slots=True, kw_only=True)
class Copy:
    """A member of an entry with its text, which is made ready when it is first compared."""

    head: Head
    title: str
    text: str
    _words: Words | None = field(default=None, repr=False)

    @property
    def words(self) -> Words:
        """The text, ready to be compared."""
        if self._words is None:
            self._words = words_of(self.title, self.text)
        return self._words


def candidates(anchors: Sequence[int], postings: Postings) -> Candidates:
    """The entries to compare a new text with."""
    lists: list[Collection[int]] = []
    common: list[int] = []
    known = postings.get
    for anchor in anchors:
        if entries := known(anchor):
            if len(entries) < COMMON:
                lists.append(entries)
            else:
                common.append(anchor)
    met = Counter(chain.from_iterable(lists))
    best = sorted((-count, entry) for entry, count in met.items() if count >= MET)[:BEST]
    return Candidates({entry: -count for count, entry in best}, frozenset(common))


def worth(found: Candidates, anchors: Sequence[int], shortest: Mapping[int, int]) -> Candidates:
    """Those of them that share enough with the text; `shortest` has the least words of a member of each, if any has."""
    met = {
        entry: count
        for entry, count in found.met.items()
        if entry in shortest and _is_enough(count, anchors, shortest[entry])
    }
    return Candidates(met, found.common)


def _is_enough(met: int, anchors: Sequence[int], words: int) -> bool:
    return met >= ENOUGH * min(len(anchors), expected(words))


def copy_of(
    one: Draft,
    found: Candidates,
    members: Mapping[int, Sequence[Copy]],
    sources: Mapping[str, Source],
    now: datetime,
    limits: Limits = LIMITS,
) -> Joined | None:
    """The entry whose text a new article prints; None: that of no entry.

    `members` are those of each candidate that it is compared with. At least half of them have to agree, or the one that
    opened the entry where that has most of the article. Of several entries the one that shares most, then the oldest.
    """
    source = sources.get(one.article.source)
    if source is None or not source.dedupe or one.dropped:
        return None
    text: Words | None = None
    joined: list[Joined] = []
    for entry, met in found.met.items():
        able = [c for c in members[entry] if may_join(c.head, sources, now)]
        like = [c for c in able if _is_enough(met, one.anchors, c.head.words)]
        if 2 * len(like) >= len(able) > 0 or any(copy.head.row == entry for copy in like):
            text = text or without(words_of(one.article.title, one.article.match_text), found.common)
            agreeing = list(_agreeing(text, source.name, like, found.common, limits))
            if _speak(agreeing, len(able), entry, limits):
                joined.append(_joined(entry, *max(agreeing, key=_best)))
    return max(joined, key=lambda j: (sum(j.scores.values()), -j.entry), default=None)


def _speak(agreeing: Sequence[tuple[Comparison, Copy]], able: int, entry: int, limits: Limits) -> bool:
    """Whether these members speak for their entry."""
    if 2 * len(agreeing) >= able:
        return True
    return any(copy.head.row == entry and found.shares[0] >= limits.near for found, copy in agreeing)


def _best(agreeing: tuple[Comparison, Copy]) -> tuple[float, int]:
    return sum(agreeing[0].shares), -agreeing[1].head.row


def _joined(entry: int, found: Comparison, other: Copy) -> Joined:
    return Joined(
        entry=entry,
        rule=f"wire copy: {found.rule}",
        counterpart=other.head,
        scores={"of this": round(found.shares[0], 3), "of the other": round(found.shares[1], 3)},
        passages=found.passages,
        swaps=found.swaps,
    )


def _agreeing(
    text: Words, source: str, copies: Sequence[Copy], common: Collection[int], limits: Limits
) -> Iterator[tuple[Comparison, Copy]]:
    for other in copies:
        compared = compare(text, without(other.words, common), limits)
        if compared.rule and (source != other.head.source or titles_fit(text, other.words, limits)):
            yield compared, other
