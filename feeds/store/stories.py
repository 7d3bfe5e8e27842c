"""Stories in the store: what the decider searches and writes, and what publishing asks of them."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Text, and_, cast, delete, func, or_, select

from feeds.dedupe import Lexicon, Story
from feeds.dedupe.stories import pack, unpack
from feeds.model import EntryState, Grouped
from feeds.store.bulk import among
from feeds.store.codec import load_title, micros, moment
from feeds.store.ledger import Ledger
from feeds.store.schema import article, entry, entry_section, lexicon, section, source, story, story_entry, story_term
from feeds.store.shelf import Shelf

SHOWN = 8  # siblings on an entry's page
FOLLOWED = 24  # that came later: beyond them a page is done, however long its story goes on

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


# ---------------------------------------------------------------- publishing


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """An entry of a story: numbers are the store's own."""

    number: int
    story: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What "More news" says of an entry; `sections` are the names of those that it stands in."""

    id: str
    title: str
    language: str | None
    source: str
    published: datetime
    sections: tuple[str, ...]


def kin_of(door: Ledger | Shelf, numbers: Collection[int]) -> set[int]:
    """The entries whose pages name one of these; those that have a page."""
    own = _places(door.connection, numbers)
    since: dict[int, int] = {}
    for one in own:
        since[one.story] = min(since.get(one.story, one.place), one.place)
    found = {o.number for o in _members(door.connection, since, ()) if o.place >= since[o.story] - FOLLOWED}
    return found - set(numbers)


def siblings(shelf: Shelf, numbers: Collection[int], fresh: Collection[int] = ()) -> dict[int, list[int]]:
    """By entry, those that its page names: the newest of its story that have a page, or get one now (`fresh`)."""
    own = _places(shelf.connection, numbers)
    members: dict[int, list[Kin]] = {}
    for one in _members(shelf.connection, {o.story for o in own}, fresh):
        members.setdefault(one.story, []).append(one)
    found = {}
    for one in own:
        theirs = [o for o in members.get(one.story, ()) if o.number != one.number and o.place <= one.place + FOLLOWED]
        theirs.sort(key=lambda o: o.place, reverse=True)
        if theirs:
            found[one.number] = [o.number for o in theirs[:SHOWN]]
    return found


def stories_of(shelf: Shelf, numbers: Collection[int]) -> dict[int, int]:
    """The story of each entry that joined one, by the number of its first entry; without a row it is its own."""
    query = select(story_entry.c.entry_id, story_entry.c.story_id)
    theirs = among(shelf.connection, story_entry.c.entry_id, numbers)
    return {r.entry_id: r.story_id for r in shelf.connection.execute(query.where(theirs))}


def named(shelf: Shelf, numbers: Collection[int]) -> dict[int, Named]:
    """What is said of entries where others name them."""
    connection = shelf.connection
    inside: dict[int, list[str]] = {}
    query = select(entry_section.c.entry_id, section.c.name).join_from(
        entry_section, section, section.c.id == entry_section.c.section_id
    )
    for row in connection.execute(query.where(among(connection, entry_section.c.entry_id, numbers))):
        inside.setdefault(row.entry_id, []).append(row.name)
    first = article.alias("first")
    lines = (
        select(entry.c.id, entry.c.published, first.c.uid, article.c.data, source.c.name)
        .join_from(entry, article, article.c.id == entry.c.lead_id)
        .join(first, first.c.id == entry.c.id)
        .join(source, source.c.id == article.c.source_id)
    )
    found = {}
    for line in connection.execute(lines.where(among(connection, entry.c.id, numbers))):
        title, language = load_title(line.data)
        found[line.id] = Named(
            id=line.uid,
            title=title,
            language=language,
            source=line.name,
            published=moment(line.published),
            sections=tuple(sorted(inside.get(line.id, ()))),
        )
    return found


def _places(connection: Connection, numbers: Collection[int]) -> list[Kin]:
    """Where entries stand in their stories."""
    query: Select[Any] = select(story_entry.c.entry_id, story_entry.c.story_id, story_entry.c.place)
    rows = connection.execute(query.where(among(connection, story_entry.c.entry_id, numbers))) if numbers else ()
    joined = {r.entry_id: Kin(number=r.entry_id, story=r.story_id, place=r.place) for r in rows}
    return [joined.get(n) or Kin(number=n, story=n, place=0) for n in numbers]


def _members(connection: Connection, wanted: Iterable[int], fresh: Collection[int]) -> list[Kin]:
    """The live entries of these stories that have a page, or are among the fresh; by story and place."""
    numbers = set(wanted)
    if not numbers:
        return []
    shown = or_(entry.c.printed, among(connection, entry.c.id, fresh)) if fresh else entry.c.printed
    live = and_(shown, entry.c.state == EntryState.LIVE)
    columns = (entry.c.id, story_entry.c.story_id, story_entry.c.place)
    joined = select(*columns).join_from(story_entry, entry, entry.c.id == story_entry.c.entry_id)
    rows = connection.execute(joined.where(among(connection, story_entry.c.story_id, numbers), live))
    found = {r.id: Kin(number=r.id, story=r.story_id, place=r.place) for r in rows}
    with_more = {kin.story for kin in found.values()}
    if with_more:
        firsts = connection.execute(select(entry.c.id).where(among(connection, entry.c.id, with_more), live)).scalars()
        found |= {n: Kin(number=n, story=n, place=0) for n in firsts}
    return sorted(found.values(), key=lambda kin: (kin.story, kin.place))


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
