"""Stories as the pages of entries know them: who names whom."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Select, and_, or_, select

from feeds.model import EntryState
from feeds.store.bulk import among
from feeds.store.codec import load_title, moment
from feeds.store.ledger import Ledger
from feeds.store.schema import article, entry, entry_section, section, source, story_entry
from feeds.store.shelf import Shelf

SHOWN = 8  # siblings on an entry's page
FOLLOWED = 24  # that came later: beyond them a page is done, however long its story goes on


class Kin(Struct, frozen=True, kw_only=True, gc=False):
    """An entry of a story: numbers are the store's own."""

    number: int
    story: int
    place: int


class Named(Struct, frozen=True, kw_only=True, gc=False):
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
