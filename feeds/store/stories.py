"""Stories in the store: what the decider searches and writes, and what publishing asks of them."""

from array import array
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, delete, func, select

from feeds.dedupe.stories import Story, pack, unpack
from feeds.dedupe.terms import Lexicon
from feeds.model import Grouped
from feeds.store.bulk import among
from feeds.store.codec import micros, moment
from feeds.store.ledger import Ledger
from feeds.store.schema import lexicon, story, story_entry, story_term
from feeds.store.shelf import Shelf

_grouped = msgspec.json.Decoder(Grouped).decode
_numbers = msgspec.json.Decoder(list[int]).decode

# ---------------------------------------------------------------- deciding


def lexicons(ledger: Ledger, languages: Collection[str]) -> dict[str, Lexicon]:
    """How common terms are, by language; empty where nothing was read in it."""
    query = select(lexicon).where(among(ledger.connection, lexicon.c.language, languages))
    known = {r.language: Lexicon(r.articles, array("H", r.counts)) for r in ledger.connection.execute(query)}
    return {language: known.get(language) or Lexicon.empty() for language in languages}


def keep_lexicons(ledger: Ledger, changed: Mapping[str, Lexicon]) -> None:
    """Writes these languages' counts."""
    if changed:
        ledger.connection.execute(delete(lexicon).where(lexicon.c.language.in_(list(changed))))
        rows = [{"language": n, "articles": x.articles, "counts": x.counts.tobytes()} for n, x in changed.items()]
        ledger.add(lexicon, rows)


def postings(ledger: Ledger, terms: Collection[int]) -> dict[int, list[int]]:
    """By term, the stories that are found by it, in any order.

    One row for each term: a row for each story takes nearly three times as long.
    """
    numbers = func.aggregate_strings(cast(story_term.c.story_id, Text), ",")
    query = select(story_term.c.term, numbers).where(among(ledger.connection, story_term.c.term, terms))
    rows = ledger.connection.execute(query.group_by(story_term.c.term))
    return {term: _numbers(f"[{together}]") for term, together in rows}


def stories(ledger: Ledger, numbers: Collection[int]) -> Iterator[Story]:
    """Stories in their window, by number."""
    query = select(story).where(among(ledger.connection, story.c.id, numbers)).order_by(story.c.id)
    for row in ledger.connection.execute(query):
        yield Story(
            id=row.id,
            language=row.language,
            entries=row.entries,
            began=moment(row.began),
            last=moment(row.last),
            vector=unpack(row.vector),
            indexed=frozenset(array("I", row.indexed)),
        )


def forget_stories(ledger: Ledger, before: datetime) -> None:
    """Ends the stories that last grew before then: nothing joins them any more, what they hold stays together."""
    query = select(story.c.id, story.c.indexed).where(story.c.seen < micros(before)).order_by(story.c.id)
    ended = ledger.connection.execute(query).all()
    if ended:
        numbers = [r.id for r in ended]
        terms = {t for r in ended for t in array("I", r.indexed)}
        theirs = among(ledger.connection, story_term.c.story_id, numbers)
        ledger.connection.execute(delete(story_term).where(among(ledger.connection, story_term.c.term, terms), theirs))
        ledger.connection.execute(delete(story).where(among(ledger.connection, story.c.id, numbers)))


def story_columns(one: Story, seen: datetime) -> dict[str, Any]:
    """The row of a story that grew just then."""
    return {
        "id": one.id,
        "language": one.language,
        "entries": one.entries,
        "began": micros(one.began),
        "last": micros(one.last),
        "seen": micros(seen),
        "vector": pack(one.vector),
        "indexed": array("I", sorted(one.indexed)).tobytes(),
    }


# ---------------------------------------------------------------- explain


def story_of(shelf: Shelf, number: int) -> tuple[list[int], Grouped | None]:
    """The entries of an entry's story, in the order in which they came, and why it is, or is not, with others."""
    query = select(story_entry).where(story_entry.c.entry_id == number)
    row = shelf.connection.execute(query).one_or_none()
    first = row.story_id if row else number
    others = select(story_entry.c.entry_id).where(story_entry.c.story_id == first, story_entry.c.entry_id != first)
    numbers = [first, *shelf.connection.execute(others.order_by(story_entry.c.place)).scalars()]
    return numbers, _grouped(row.evidence) if row else None


def counts(shelf: Shelf) -> dict[str, int]:
    """How many stories may still grow, and how many entries joined one; counts every row."""
    one = shelf.connection.execute
    return {
        "open": one(select(func.count()).select_from(story)).scalar_one(),
        "joined": one(select(func.count()).select_from(story_entry).where(story_entry.c.place > 0)).scalar_one(),
    }
