"""Entries that became one late, or were split, in the store: who stands with whom, and what was decided."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from feeds.dedupe.families import Family
from feeds.model import Decision, Member
from feeds.store import codec
from feeds.store.bulk import among
from feeds.store.codec import micros
from feeds.store.ledger import Ledger
from feeds.store.schema import alias, article, decision, no_join, origin, source
from feeds.store.shelf import Shelf

TOLD = 50  # decisions about one entry, the last ones
KEPT = 10  # of the rules about two entries: who edits back and forth at each poll fills no store

# ---------------------------------------------------------------- reading


def family_of(door: Ledger | Shelf, number: int) -> Family:
    """The family that an article, or the entry of its number, stands in now."""
    connection = door.connection
    root = connection.execute(select(article.c.entry_id).where(article.c.id == number)).scalar_one()
    query = select(article.c.id, origin.c.entry_id).outerjoin(origin, origin.c.article_id == article.c.id)
    rows = connection.execute(query.where(article.c.entry_id == root).order_by(article.c.id))
    homes = {r.id: root if r.entry_id is None else r.entry_id for r in rows}
    aliases = select(alias).where(among(connection, alias.c.entry_id, set(homes.values()) - {root}))
    return Family(root=root, homes=homes, into={r.entry_id: r.into_id for r in connection.execute(aliases)})


def aliases_of(connection: Connection, numbers: Collection[int]) -> set[int]:
    """The entries that went into one of these, or into what went into it."""
    found: set[int] = set()
    fresh = set(numbers)
    while fresh:
        query = select(alias.c.entry_id).where(among(connection, alias.c.into_id, fresh))
        fresh = set(connection.execute(query).scalars()) - found
        found |= fresh
    return found


def bars(ledger: Ledger, numbers: Collection[int]) -> set[tuple[int, int]]:
    """The pairs of these entries that were split."""
    theirs = among(ledger.connection, no_join.c.low_id, numbers)
    query = select(no_join.c.low_id, no_join.c.high_id).where(theirs)
    rows = ledger.connection.execute(query.where(among(ledger.connection, no_join.c.high_id, numbers)))
    return {(r.low_id, r.high_id) for r in rows}


def decisions_about(shelf: Shelf, numbers: Collection[int]) -> list[Decision]:
    """What was decided of these entries, in the order in which it was."""
    theirs = (among(shelf.connection, column, numbers) for column in (decision.c.entry_id, decision.c.other_id))
    query = select(decision.c.data).where(or_(*theirs)).order_by(decision.c.id.desc()).limit(TOLD)
    return [codec.load_decision(data) for data in shelf.connection.execute(query).scalars()][::-1]


def evidence_of(ledger: Ledger, articles: Collection[int]) -> Iterator[tuple[int, Member]]:
    """(article, why it stands where it does), in order."""
    query = select(article.c.id, article.c.uid, article.c.evidence, article.c.first_seen, source.c.name)
    query = query.join(source, source.c.id == article.c.source_id).order_by(article.c.id)
    for row in ledger.connection.execute(query.where(among(ledger.connection, article.c.id, articles))):
        yield row.id, codec.load_member(row)


def article_of(shelf: Shelf, uid: str) -> int | None:
    """The number of the article that has this id."""
    return shelf.connection.execute(select(article.c.id).where(article.c.uid == uid)).scalar()


def articles_at(shelf: Shelf, url_key: int) -> list[int]:
    """The numbers of the articles at a canonical URL; at most 20."""
    query = select(article.c.id).where(article.c.url_key == url_key).order_by(article.c.id).limit(20)
    return list(shelf.connection.execute(query).scalars())


def entries_with(shelf: Shelf, numbers: Collection[int]) -> dict[int, int]:
    """The entry that each of these articles stands in."""
    query = select(article.c.id, article.c.entry_id).where(among(shelf.connection, article.c.id, numbers))
    return {r.id: r.entry_id for r in shelf.connection.execute(query.order_by(article.c.id))}


def uids_of(ledger: Ledger, articles: Collection[int]) -> Iterator[tuple[int, str]]:
    """(article, its id)."""
    query = select(article.c.id, article.c.uid).where(among(ledger.connection, article.c.id, articles))
    for row in ledger.connection.execute(query):
        yield row.id, row.uid


# ---------------------------------------------------------------- writing


def settle_family(ledger: Ledger, family: Family) -> None:
    """Writes where the articles and aliases of a family stand."""
    connection, articles = ledger.connection, set(family.homes)
    theirs = among(connection, article.c.id, articles)
    connection.execute(update(article).where(theirs).values(entry_id=family.root))
    connection.execute(delete(origin).where(among(connection, origin.c.article_id, articles)))
    ledger.add(origin, [{"article_id": a, "entry_id": h} for a, h in family.homes.items() if h != family.root])
    connection.execute(delete(alias).where(among(connection, alias.c.entry_id, family.entries)))
    ledger.add(alias, [{"entry_id": e, "into_id": i} for e, i in family.into.items()])


def note_decision(ledger: Ledger, entry_id: int, other_id: int, said: Decision) -> int:
    """Keeps a decision; gives its number."""
    values = {"at": micros(said.at), "kind": said.kind, "entry_id": entry_id, "other_id": other_id}
    done = ledger.connection.execute(insert(decision).values(values | {"data": codec.dump(said)}))
    assert done.inserted_primary_key is not None
    if said.person is None:
        _forget_but_last(ledger, (decision.c.entry_id == entry_id) & (decision.c.other_id == other_id), said.kind)
    return int(done.inserted_primary_key[0])


def _forget_but_last(ledger: Ledger, these: ColumnElement[bool], kind: str) -> None:
    rows = select(decision.c.id).where(these, decision.c.kind == kind).order_by(decision.c.id.desc())
    old = ledger.connection.execute(rows.offset(KEPT)).scalars().all()
    if old:
        ledger.connection.execute(delete(decision).where(decision.c.id.in_(old)))


def bar(ledger: Ledger, pairs: Iterable[tuple[int, int]], number: int) -> None:
    """Keeps pairs of entries apart, by that decision."""
    rows = list(dict.fromkeys(pairs))
    lift(ledger, rows)
    ledger.add(no_join, [{"low_id": low, "high_id": high, "decision_id": number} for low, high in rows])


def bar_likewise(ledger: Ledger, one: Family, other: Family) -> None:
    """Keeps an entry apart from all that the one is apart from, which it left."""
    sides = (among(ledger.connection, column, one.entries) for column in (no_join.c.low_id, no_join.c.high_id))
    rows = ledger.connection.execute(select(no_join).where(or_(*sides))).all()
    for row in rows:
        others = {row.low_id, row.high_id} - one.entries - other.entries
        bar(ledger, ((min(o, other.root), max(o, other.root)) for o in others), row.decision_id)


def lift(ledger: Ledger, pairs: Iterable[tuple[int, int]]) -> None:
    """Lets pairs of entries become one again."""
    for low, high in pairs:
        where = (no_join.c.low_id == low) & (no_join.c.high_id == high)
        ledger.connection.execute(delete(no_join).where(where))
