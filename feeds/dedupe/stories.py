"""The same event? Layer 3: a story groups entries, and never makes two of them one. Pure."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import islice

from msgspec import Struct

from feeds.dedupe.terms import Terms, Vector, unit

DAY = timedelta(days=1)
STORY_WINDOW = timedelta(days=4)  # on either side of a story's newest entry
PER_DAY = 0.05  # what a day between them costs, and what each day costs that a story has lasted, but the first
JOIN = {"spaced": 0.20, "abjad": 0.16, "unspaced": 0.12}  # a stem tells more than a pair of signs
JOIN_SHORT = 0.22  # where there is little more than a headline
NEAR = 0.05  # what is so little below is told of
ASKED = 12  # terms of a text by which stories are looked for
INDEXED = 8  # terms of a story, at first and whenever it grows, by which it is found
MOST_INDEXED = 24
LONG_LIST = 300  # stories with one term: it is too common to look for
COMPARED = 6
MOST_ENTRIES = 500  # of a story: beyond, another begins
TOLD = 6  # terms in the evidence


@dataclass(slots=True, kw_only=True)
class Story:
    """A story in its window; `id` is the number of its first entry, `indexed` the terms by which it is found."""

    id: int
    language: str
    entries: int
    began: datetime  # publication of its first entry
    last: datetime  # and of its newest
    vector: Vector
    indexed: frozenset[int]

    @property
    def full(self) -> bool:
        """Whether it takes no more entries."""
        return self.entries >= MOST_ENTRIES


class Match(Struct, frozen=True, kw_only=True, gc=False):
    """The story that an entry is nearest to; `joins` when that is near enough."""

    story: int
    score: float
    bound: float
    days: float
    words: tuple[str, ...]  # the terms that decided, heaviest first

    @property
    def joins(self) -> bool:
        """Whether the entry belongs to it."""
        return self.score >= self.bound


def asked(vector: Vector) -> list[int]:
    """The terms by which a text's stories are looked for, heaviest first."""
    return list(vector)[:ASKED]


def candidates(vector: Vector, postings: Mapping[int, Sequence[int]]) -> list[int]:
    """The stories that share the most with a text by the terms that it asks for; the older of equals first."""
    shared: dict[int, float] = {}
    known = shared.get
    for term, weight in islice(vector.items(), ASKED):
        found = postings.get(term, ())
        if len(found) <= LONG_LIST:
            for story in found:
                shared[story] = known(story, 0.0) + weight
    least = sorted(shared.values())[-COMPARED:][0] if shared else 0.0
    best = [(-weight, story) for story, weight in shared.items() if weight >= least]
    return [story for _, story in sorted(best)[:COMPARED]]


def nearest(
    one: Terms, vector: Vector, published: datetime, stories: Iterable[Story], doubt: float = 0.0
) -> Match | None:
    """The story whose event a text tells most likely; None: none comes near. `doubt` is added to what is asked."""
    best, best_score = None, 0.0
    for story in stories:
        other = story.vector
        score = sum([weight * other[term] for term, weight in vector.items() if term in other])
        if score <= best_score or not _may_take(story, one, published):
            continue
        score -= _distance(story, published)
        if score > best_score:
            best, best_score = story, score
    bound = round((JOIN_SHORT if one.short and one.script == "spaced" else JOIN[one.script]) + doubt, 4)
    if best is None or best_score < bound - NEAR:
        return None
    return Match(
        story=best.id,
        score=round(best_score, 4),
        bound=bound,
        days=round(abs(published - best.last) / DAY, 2),
        words=_deciding(one, vector, best.vector),
    )


def _may_take(story: Story, one: Terms, published: datetime) -> bool:
    return abs(published - story.last) <= STORY_WINDOW and story.language == one.language and not story.full


def _distance(story: Story, published: datetime) -> float:
    """What time takes off a score. Without the second part a topic (grain prices, the weather) is one endless story."""
    apart, lasted = abs(published - story.last), published - story.began
    return PER_DAY * (apart + max(lasted - DAY, timedelta())) / DAY


def _deciding(one: Terms, vector: Vector, other: Vector) -> tuple[str, ...]:
    shared = {t: w * other[t] for t, w in vector.items() if t in other}
    names = dict(zip(one.hashes, one.words, strict=True))
    return tuple(names[t] for t in nlargest(TOLD, shared, key=lambda t: (shared[t], t)))


def begin(number: int, one: Terms, vector: Vector, published: datetime) -> Story:
    """A story of one entry."""
    indexed = frozenset(list(vector)[:INDEXED])
    return Story(
        id=number, language=one.language, entries=1, began=published, last=published, vector=vector, indexed=indexed
    )


def grow(story: Story, vector: Vector, published: datetime) -> frozenset[int]:
    """Takes an entry into a story; gives the terms by which it is found from now on, besides the former."""
    mixed = {term: weight * story.entries for term, weight in story.vector.items()}
    for term, weight in vector.items():
        mixed[term] = mixed.get(term, 0.0) + weight
    story.vector = unit((weight, term) for term, weight in mixed.items())
    story.entries += 1
    story.began, story.last = min(story.began, published), max(story.last, published)
    fresh = [t for t in list(story.vector)[:INDEXED] if t not in story.indexed]
    added = frozenset(fresh[: MOST_INDEXED - len(story.indexed)])
    story.indexed |= added
    return added


def pack(vector: Vector) -> bytes:
    """A vector as bytes, nothing lost: what is stored decides as what is at hand does."""
    return array("I", vector).tobytes() + array("d", vector.values()).tobytes()


def unpack(data: bytes) -> Vector:
    """The vector in such bytes."""
    split = len(data) // 12 * 4
    return dict(zip(array("I", data[:split]), array("d", data[split:]), strict=True))
