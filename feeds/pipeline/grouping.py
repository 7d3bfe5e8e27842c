"""Grouping: which story each new entry belongs to, in the transaction that opens it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct

from feeds.dedupe import stories as deciding
from feeds.dedupe.stories import STORY_WINDOW, Match, Story
from feeds.dedupe.terms import Lexicon, Terms, Vector, terms_of
from feeds.model import Article, Grouped
from feeds.pipeline.desk import Desk
from feeds.store import codec, stories
from feeds.store.codec import moment
from feeds.store.schema import story, story_entry, story_term

AT_ONCE = 100  # entries whose stories are at hand together, give or take a document: their vectors take memory


class _New(Struct, frozen=True, kw_only=True):
    """An entry that was opened, and what it is about."""

    number: int
    terms: Terms


@dataclass(slots=True)
class _Shelf:
    """What of the stories is at hand, and what is going to be written."""

    desk: Desk
    lexicons: dict[str, Lexicon]
    learnt: set[str]  # languages
    postings: dict[int, list[int]] = field(default_factory=dict)  # term -> stories that are found by it
    added: list[tuple[int, int]] = field(default_factory=list)  # those of them that are not stored yet
    stories: dict[int, Story] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    grown: set[int] = field(default_factory=set)
    joined: list[dict[str, Any]] = field(default_factory=list)


def group(desk: Desk) -> None:
    """Finds the story of each new entry that is shown with its story, or begins one; entries stay what they are."""
    shown = _shown(desk)
    opened = sorted((one for one in desk.opened if one[0] in shown), key=itemgetter(0))
    if not opened:
        return
    stories.forget_stories(desk.ledger, desk.now - STORY_WINDOW)
    lexicons: dict[str, Lexicon] = {}
    learnt: set[str] = set()
    for documents in _batches(opened):
        _group(_Shelf(desk, lexicons, learnt), documents)
    stories.keep_lexicons(desk.ledger, {language: lexicons[language] for language in sorted(learnt)})


def _batches(opened: Sequence[tuple[int, Article]]) -> Iterator[list[list[_New]]]:
    """Whole documents, some hundred entries of them at a time."""
    batch: list[list[_New]] = []
    for _, run in groupby(opened, key=lambda one: one[1].source):
        document = [_New(number=number, terms=terms_of(article)) for number, article in run]
        batch.append([one for one in document if one.terms.tells])
        if sum(map(len, batch)) >= AT_ONCE:
            yield batch
            batch = []
    yield batch


def _group(shelf: _Shelf, documents: Sequence[Sequence[_New]]) -> None:
    languages = {one.terms.language for document in documents for one in document}
    shelf.lexicons.update(stories.lexicons(shelf.desk.ledger, languages - shelf.lexicons.keys()))
    measured = [one for document in documents for one in _measured(shelf, document)]
    found = _fetch(shelf, [vector for _, vector, _ in measured])
    fresh: set[int] = set()
    for (one, vector, doubt), numbers in zip(measured, found, strict=True):
        again = not fresh.isdisjoint(deciding.asked(vector))
        fresh |= _place(shelf, one, vector, doubt, deciding.candidates(vector, shelf.postings) if again else numbers)
    _write(shelf)


def _shown(desk: Desk) -> set[int]:
    """The entries that enter a section which names stories: what stands in none has no page that could name others."""
    grouping = {desk.section_ids.get(s.name) for s in desk.rules.sections if s.stories != "off"}
    return {entry for section, entry in desk.memberships if section in grouping}


def _measured(shelf: _Shelf, document: Sequence[_New]) -> Iterator[tuple[_New, Vector, float]]:
    """Counts all of a document before its first is weighed: the words of its boilerplate are common from there on."""
    for one in document:
        if shelf.lexicons[one.terms.language].learn(one.terms):
            shelf.learnt.add(one.terms.language)
    for one in document:
        lexicon = shelf.lexicons[one.terms.language]
        yield one, lexicon.vector(one.terms), lexicon.doubt


def _fetch(shelf: _Shelf, vectors: Sequence[Vector]) -> list[list[int]]:
    """Loads in two queries what is asked for, and gives each one's candidates; what comes to be one is loaded then."""
    asked = {t for vector in vectors for t in deciding.asked(vector)}
    shelf.postings = stories.postings(shelf.desk.ledger, asked)
    found = [deciding.candidates(vector, shelf.postings) for vector in vectors]
    _load_stories(shelf, {number for numbers in found for number in numbers})
    return found


def _place(shelf: _Shelf, one: _New, vector: Vector, doubt: float, numbers: Sequence[int]) -> frozenset[int]:
    """Puts an entry into its story; gives the terms by which that is found from now on."""
    _load_stories(shelf, [n for n in numbers if n not in shelf.stories])
    published = moment(shelf.desk.entries[one.number].published)
    near = [shelf.stories[n] for n in numbers if n in shelf.stories]
    match = deciding.nearest(one.terms, vector, published, near, doubt)
    if match is not None and match.joins:
        at = shelf.stories[match.story]
        fresh = deciding.grow(at, vector, published)
        shelf.grown.add(at.id)
    else:
        at = shelf.stories[one.number] = deciding.begin(one.number, one.terms, vector, published)
        fresh = at.indexed
        shelf.begun.add(at.id)
    for term in fresh:
        shelf.added.append((term, at.id))
        shelf.postings.setdefault(term, []).append(at.id)
    if match is not None:
        shelf.joined.append(_row(one.number, at, match))
    return fresh


def _row(number: int, at: Story, match: Match) -> dict[str, Any]:
    said = Grouped(score=match.score, bound=match.bound, nearest=match.story, days=match.days, words=match.words)
    return {"entry_id": number, "story_id": at.id, "place": at.entries - 1, "evidence": codec.dump(said)}


def _load_stories(shelf: _Shelf, numbers: Collection[int]) -> None:
    if numbers:
        shelf.stories |= {s.id: s for s in stories.stories(shelf.desk.ledger, numbers)}


def _write(shelf: _Shelf) -> None:
    ledger, now = shelf.desk.ledger, shelf.desk.now
    rows = {n: stories.story_columns(shelf.stories[n], now) for n in sorted(shelf.begun | shelf.grown)}
    ledger.add(story, [row for n, row in rows.items() if n in shelf.begun])
    ledger.change(story, [row for n, row in rows.items() if n not in shelf.begun])
    ledger.add_pairs(story_term, shelf.added)
    ledger.add(story_entry, shelf.joined)
