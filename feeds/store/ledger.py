"""What the one decider reads and writes, inside its transaction. Bulk in, bulk out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, select, true, update

from feeds.dedupe.keys import ENOUGH_WORDS, Head
from feeds.model import Article, EntryState
from feeds.store import bulk, codec
from feeds.store.bulk import among
from feeds.store.codec import micros
from feeds.store.schema import (
    IDENTITY,
    anchor,
    article,
    article_key,
    entry,
    entry_section,
    host,
    kept_anchor,
    meta,
    output,
    poll,
    section,
    source,
)

HEAD = (
    article.c.id,
    article.c.uid,
    article.c.entry_id,
    article.c.digest,
    article.c.guid_key,
    article.c.title_key,
    article.c.text_key,
    article.c.url_key,
    article.c.words,
    article.c.first_seen,
    article.c.dropped,
    source.c.name,
)


@dataclass(slots=True, kw_only=True)
class EntryRow:
    """An entry as the decider changes it; numbers are the store's own, times µs."""

    id: int
    lead_id: int
    published: int
    updated: int
    moves: int
    first_seen: int
    state: str
    listed: int | None
    printed: bool
    version: int


class SourceRow(Struct, frozen=True, kw_only=True, gc=False):
    """A source's number, the token that may write, and the host that it is polled at."""

    id: int
    token: int
    host: str
    leased: bool  # False once the lease was given back


class Ledger:
    """Named queries of a writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # ------------------------------------------------------------ reading

    def sources(self, names: Collection[str]) -> dict[str, SourceRow]:
        """The rows of these sources, held until the end of the transaction."""
        query: Select[Any] = select(source.c.id, source.c.name, source.c.token, source.c.host, source.c.lease_until)
        rows = self._in(query.order_by(source.c.id).with_for_update(), source.c.name, names)
        return {r.name: SourceRow(id=r.id, token=r.token, host=r.host, leased=r.lease_until is not None) for r in rows}

    def keyed(self, keys: Collection[int], sources: Collection[int]) -> Iterator[tuple[int, int, Head | None]]:
        """(key, number of the source, article or None when ambiguous) for the keys that these sources know."""
        query = select(article_key.c.key, article_key.c.source_id, *HEAD).outerjoin_from(
            article_key, article, article.c.id == article_key.c.article_id
        )
        # "+ 0" keeps the engines from looking up every pair of key and source in the index.
        query = query.where(self._among(article_key.c.source_id + 0, sources))
        for row in self._in(query.outerjoin(source, source.c.id == article.c.source_id), article_key.c.key, keys):
            yield row.key, row.source_id, None if row.id is None else codec.head(row)

    def said(self, digests: Collection[int], sources: Collection[int]) -> Iterator[tuple[int, Head]]:
        """(number of the source, article) for the articles of these sources that last said just this."""
        query = select(article.c.source_id, *HEAD).join_from(article, source, source.c.id == article.c.source_id)
        query = query.where(self._among(article.c.source_id + 0, sources)).order_by(article.c.id.desc())
        for row in self._in(query, article.c.digest, digests):
            yield row.source_id, codec.head(row)

    def same_texts(self, keys: Collection[int], titles: Collection[int]) -> list[Head]:
        """Articles that have one of these texts: the last of each source, and of each source with one of the titles.

        None that was dropped. However often a source repeats a text, few rows come of it.
        """
        newest = select(func.max(article.c.id)).where(article.c.dropped.is_(None))
        newest = newest.where(self._among(article.c.text_key, keys))
        groups = (article.c.text_key, article.c.source_id)
        titled = newest.where(self._among(article.c.title_key + 0, titles)).group_by(*groups, article.c.title_key)
        rows = set(self.connection.execute(newest.group_by(*groups)).scalars()) if keys else set()
        return list(self._heads(rows | set(self.connection.execute(titled).scalars()) if rows else rows))

    def same_pages(self, keys: Collection[int]) -> list[tuple[Head, bool]]:
        """The last article of each source that has one of these canonical URLs, and whether it is the only one."""
        groups = (article.c.url_key, article.c.source_id)
        counts: Any = select(func.max(article.c.id).label("id"), func.count().label("n")).group_by(*groups)
        only = {r.id: r.n == 1 for r in self._in(counts, article.c.url_key, keys)}
        return [(h, only[h.row]) for h in self._heads(only)]

    def _heads(self, rows: Collection[int]) -> Iterator[Head]:
        query = select(*HEAD).join_from(article, source, source.c.id == article.c.source_id)
        return map(codec.head, self._in(query.order_by(article.c.id), article.c.id, rows))

    def members(self, entries: Collection[int]) -> dict[int, list[Head]]:
        """The articles of each entry, in the order in which they came."""
        place: Any = func.instr if self.connection.dialect.name == "sqlite" else func.strpos
        paywall = (place(article.c.data, codec.PAYWALL) > 0).label("paywall")
        query = select(*HEAD, article.c.evidence, paywall).join_from(
            article, source, source.c.id == article.c.source_id
        )
        found: dict[int, list[Head]] = {}
        for row in self._in(query.order_by(article.c.id), article.c.entry_id, entries):
            found.setdefault(row.entry_id, []).append(codec.head(row, row.evidence, paywall=row.paywall))
        return found

    def shared(self, entries: Collection[int]) -> set[int]:
        """Those of these entries that several sources carried."""
        query = select(article.c.entry_id).group_by(article.c.entry_id)
        several = query.having(func.min(article.c.source_id) != func.max(article.c.source_id))
        return {row.entry_id for row in self._in(several, article.c.entry_id, entries)}

    def first_entry_since(self, since: datetime) -> int:
        """The least number that an entry has or will have which came then or later: numbers grow with time."""
        query = select(entry.c.id).where(entry.c.first_seen >= micros(since))
        found = self.connection.execute(query.order_by(entry.c.first_seen, entry.c.id).limit(1)).scalar()
        return self.last_row() + 1 if found is None else found

    def postings(self, anchors: Collection[int], since: int) -> dict[int, list[int]]:
        """The entries that have each of these anchors, in order; of those numbered `since` or later."""
        found: dict[int, list[int]] = {}
        for table in (kept_anchor, anchor) if anchors else ():
            query = select(table).where(self._among(table.c.hash, anchors), table.c.entry_id >= since)
            rows = self.connection.execute(query.order_by(table.c.hash, table.c.entry_id))
            for value, number in chain.from_iterable(rows.partitions(bulk.CHUNK)):  # one by one takes thrice as long
                found.setdefault(value, []).append(number)
        return found

    def shortest(self, entries: Collection[int]) -> dict[int, int]:
        """The words of the shortest member of each entry that is long enough to be compared, and not dropped."""
        query = select(article.c.entry_id, func.min(article.c.words)).group_by(article.c.entry_id)
        query = query.where(article.c.dropped.is_(None), article.c.words >= ENOUGH_WORDS)
        return {number: words for number, words in self._in(query, article.c.entry_id, entries)}  # noqa: C416 (rows)

    def wordings(self, entries: Collection[int], most: int) -> Iterator[tuple[Head, str, str]]:
        """(article, title, match text) of the first members of each entry: long enough to be compared, not dropped."""
        rank = func.row_number().over(partition_by=article.c.entry_id, order_by=article.c.id).label("rank")
        members = select(article.c.id, rank).where(article.c.dropped.is_(None), article.c.words >= ENOUGH_WORDS)
        first = members.where(self._among(article.c.entry_id, entries)).subquery()
        query = select(*HEAD, article.c.data).join_from(article, source, source.c.id == article.c.source_id)
        query = query.join(first, first.c.id == article.c.id).where(first.c.rank <= most).order_by(article.c.id)
        for row in self.connection.execute(query):
            yield codec.head(row), *codec.load_wording(row.data)

    def articles(self, rows: Collection[int]) -> dict[int, Article]:
        """Whole articles by number."""
        query = select(article.c.id, article.c.data, source.c.name).join_from(
            article, source, source.c.id == article.c.source_id
        )
        return {r.id: codec.load_article(r.data, r.name) for r in self._in(query, article.c.id, rows)}

    def entries(self, ids: Collection[int]) -> dict[int, EntryRow]:
        """Entries by number."""
        return {r.id: EntryRow(**r._mapping) for r in self._in(select(entry), entry.c.id, ids)}

    def sections_of(self, entries: Collection[int]) -> dict[int, set[int]]:
        """The numbers of the sections that each entry is in."""
        found: dict[int, set[int]] = {}
        for row in self._in(select(entry_section), entry_section.c.entry_id, entries):
            found.setdefault(row.entry_id, set()).add(row.section_id)
        return found

    def taken(self, uids: Collection[str]) -> set[str]:
        """Those of these ids that an article has."""
        return {r.uid for r in self._in(select(article.c.uid), article.c.uid, uids)}

    def last_row(self) -> int:
        """The greatest number of an article; 0 in an empty store."""
        return int(self.connection.execute(select(func.coalesce(func.max(article.c.id), 0))).scalar_one())

    def section_rows(self) -> dict[str, Any]:
        """The rows of `section` by name."""
        return {r.name: r for r in self.connection.execute(select(section).order_by(section.c.id))}

    def recent_entries(self, since: datetime) -> list[int]:
        """The numbers of the entries that came since then."""
        query = select(entry.c.id).where(entry.c.first_seen >= micros(since), entry.c.state != EntryState.MERGED)
        return list(self.connection.execute(query.order_by(entry.c.id)).scalars())

    def newest_of(self, section_id: int, limit: int) -> list[int]:
        """The entries that entered a section last."""
        query = select(entry_section.c.entry_id).join(entry, entry.c.id == entry_section.c.entry_id)
        query = query.where(entry_section.c.section_id == section_id, entry.c.state != EntryState.MERGED)
        return list(self.connection.execute(query.order_by(entry_section.c.first.desc()).limit(limit)).scalars())

    def version(self) -> int:
        """The content version of the store: how often something that is shown has changed."""
        return int(self.connection.execute(select(meta.c.value).where(meta.c.key == "version")).scalar() or 0)

    def _in(self, query: Select[Any], column: Any, values: Collection[Any]) -> Iterator[Any]:
        if values:
            yield from self.connection.execute(query.where(self._among(column, values)))

    def _among(self, column: Any, values: Collection[Any]) -> Any:
        return among(self.connection, column, values)

    # ------------------------------------------------------------ writing

    def next_version(self) -> int:
        """Counts the content version up by one and gives the new count."""
        version = self.version() + 1
        self.set_version(version)
        return version

    def set_version(self, version: int) -> None:
        """Notes the content version."""
        self.note("version", str(version))

    def note(self, key: str, value: str) -> None:
        """Sets a value of the table `meta`."""
        if not self.connection.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount:
            self.connection.execute(insert(meta).values(key=key, value=value))

    def identify(self) -> str | None:
        """Notes which store this is where an older release made it: by its first article, as its old backups will."""
        first = self.connection.execute(
            select(article.c.uid, article.c.first_seen).order_by(article.c.id).limit(1)
        ).first()
        if first is None:
            return None
        known = f"{codec.hash64(f'{first.uid} {first.first_seen}') % 2**64:016x}"
        self.note(IDENTITY, known)
        return known

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts rows, all with the same columns."""
        if rows:
            statement, order = bulk.inserting(self.connection.dialect, table, frozenset(rows[0]))
            values: Any = list(map(itemgetter(*order), rows)) if order else rows
            self.connection.exec_driver_sql(statement, values)

    def add_pairs(self, table: Table, rows: Collection[tuple[int, int]]) -> None:
        """Inserts rows of a table of two columns, in the order of its key."""
        if rows:
            first, second = table.columns.keys()
            statement, order = bulk.inserting(self.connection.dialect, table, frozenset((first, second)))
            values: Any = sorted(rows)
            if order != (first, second):
                values = [{first: one, second: other} for one, other in values]
            self.connection.exec_driver_sql(statement, values)

    def add_postings(self, rows: Collection[tuple[int, int]]) -> None:
        """Adds anchors with their entries."""
        self.add_pairs(anchor, rows)

    def change(self, table: Table, rows: Sequence[Mapping[str, Any]], key: str = "id") -> None:
        """Updates rows by their number; every row names the same columns."""
        if rows:
            columns: dict[str, Any] = {c: bindparam(f"_{c}") for c in rows[0] if c != key}
            statement = update(table).where(table.c[key] == bindparam("_row")).values(columns)
            self.connection.execute(
                statement, [{f"_{c}": v for c, v in r.items() if c != key} | {"_row": r[key]} for r in rows]
            )

    def change_all(self, table: Table, numbers: Collection[int], **values: Any) -> None:
        """Gives the rows of these numbers the same values."""
        if numbers:
            self.connection.execute(update(table).where(self._among(table.c.id, numbers)).values(values))

    def add_keys(self, keys: Mapping[tuple[int, int], int | None]) -> None:
        """Adds keys that these sources do not know yet: (source, key) -> article; None: ambiguous from the start."""
        self.add(article_key, [{"source_id": s, "key": k, "article_id": a} for (s, k), a in keys.items()])

    def spoil_keys(self, keys: Iterable[tuple[int, int]]) -> None:
        """Makes keys ambiguous, for ever: (source, key)."""
        rows = [{"_source": s, "_key": k} for s, k in keys]
        if rows:
            where = (article_key.c.source_id == bindparam("_source")) & (article_key.c.key == bindparam("_key"))
            self.connection.execute(update(article_key).where(where).values(article_id=None), rows)

    def drop_from_section(self, section_id: int, entries: Collection[int]) -> None:
        """Takes entries out of a section."""
        where = (entry_section.c.section_id == section_id) & self._among(entry_section.c.entry_id, entries)
        self.connection.execute(delete(entry_section).where(where))

    def free_hosts(self, names: Collection[str], now: datetime, until: datetime) -> None:
        """Gives hosts back on which nothing is leased any more; the next claim may come at `until`."""
        these = self._among(host.c.name, names)
        # Locked in the order in which `claim` does it: else the two could wait for each other.
        self.connection.execute(select(host.c.name).where(these).order_by(host.c.name).with_for_update()).all()
        leased = select(source.c.id).where(source.c.host == host.c.name, source.c.lease_until > micros(now)).exists()
        values = {"lease_until": None, "holder": None, "free_at": self._later(until)}
        self.connection.execute(update(host).where(these, ~leased).values(values))

    def bind_host(self, name: str, until: datetime) -> None:
        """Nobody asks this host before then (429 with Retry-After)."""
        self.connection.execute(update(host).where(host.c.name == name).values(free_at=self._later(until)))

    def _later(self, until: datetime) -> Any:
        greatest = func.max if self.connection.dialect.name == "sqlite" else func.greatest
        return greatest(host.c.free_at, micros(until))

    def published(self, folder: str, rows: Mapping[str, int], look: int) -> None:
        """Notes the content version that the files of each section show."""
        where = (output.c.folder == folder) & output.c.section.in_(list(rows))
        self.connection.execute(delete(output).where(where))
        self.add(output, [{"folder": folder, "section": s, "version": v, "look": look} for s, v in rows.items()])

    def prune_polls(self, before: datetime) -> int:
        """Forgets the log of polls before then, but for each source's last; gives how many."""
        last = select(func.max(poll.c.id)).group_by(poll.c.source_id)
        where = (poll.c.at < micros(before)) & poll.c.id.not_in(last)
        return self.connection.execute(delete(poll).where(where)).rowcount

    def prune_anchors(self, before: int, start: int, most: int) -> int | None:
        """Forgets anchors of entries numbered below, of the next `most` from `start` on; gives where to go on."""
        rest = select(kept_anchor.c.hash).where(kept_anchor.c.hash >= start).order_by(kept_anchor.c.hash)
        end = self.connection.execute(rest.offset(most).limit(1)).scalar()
        for table in (anchor, kept_anchor):
            where = (table.c.hash >= start) & (table.c.entry_id < before)
            self.connection.execute(delete(table).where(where & (table.c.hash < end if end is not None else true())))
        return None if end is None else max(int(end), start + 1)

    def carry_anchors(self, start: int, end: int) -> None:
        """Carries the anchors from `start` to `end` over to those that are kept, in order."""
        rows = select(anchor).where(anchor.c.hash.between(start, end)).order_by(anchor.c.hash, anchor.c.entry_id)
        self.connection.execute(insert(kept_anchor).from_select(["hash", "entry_id"], rows))
        self.connection.execute(delete(anchor).where(anchor.c.hash.between(start, end)))

    def forget_postings(self, anchors: Collection[int], entries: Collection[int]) -> None:
        """Lets these entries be found by these anchors no more."""
        for table in (anchor, kept_anchor):
            where = self._among(table.c.hash, anchors) & self._among(table.c.entry_id, entries)
            self.connection.execute(delete(table).where(where))

    def firsts(self, entry_id: int) -> dict[int, int]:
        """When an entry entered each section that it is in, by the section's number."""
        rows = self.connection.execute(select(entry_section).where(entry_section.c.entry_id == entry_id))
        return {r.section_id: r.first for r in rows}

    def release(self, tokens: Mapping[int, int]) -> None:
        """Gives leases back without a poll: source number -> token."""
        for number, token in tokens.items():
            where = (source.c.id == number) & (source.c.token == token)
            self.connection.execute(update(source).where(where).values(lease_until=None))

    def end_leases(self, worker: str) -> int:
        """Gives back what a dead worker had leased, and how many sources these were; it may write nothing any more."""
        # Held first, in the order of `claim`: whoever leases one of them meanwhile keeps it.
        theirs = select(host.c.name).where(host.c.holder == worker).order_by(host.c.name).with_for_update()
        names = list(self.connection.execute(theirs).scalars())
        leased = source.c.lease_until.is_not(None) & self._among(source.c.host, names)
        ended = update(source).where(leased).values(lease_until=None, token=source.c.token + 1)
        count = self.connection.execute(ended).rowcount
        free = update(host).where(self._among(host.c.name, names)).values(lease_until=None, holder=None)
        self.connection.execute(free)
        return count
