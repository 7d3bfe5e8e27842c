"""What the one decider reads and writes, inside its transaction. Bulk in, bulk out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, select, update

from feeds.dedupe.keys import Head
from feeds.model import Article
from feeds.store import codec
from feeds.store.codec import micros
from feeds.store.schema import article, article_key, entry, entry_section, host, meta, output, poll, section, source

CHUNK = 5000  # parameters of one IN; SQLite takes 32,766
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source's number, the token that may write, and the host that it is polled at."""

    id: int
    token: int
    host: str


class Ledger:
    """Named queries of a writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # ------------------------------------------------------------ reading

    def sources(self, names: Collection[str]) -> dict[str, SourceRow]:
        """The rows of these sources, held until the end of the transaction."""
        query: Select[Any] = select(source).with_for_update()
        rows = self._in(query, source.c.name, names)
        return {r.name: SourceRow(id=r.id, token=r.token, host=r.host) for r in rows}

    def keyed(self, keys: Collection[int]) -> Iterator[tuple[int, int, Head | None]]:
        """(key, number of the source, article or None when ambiguous) for every key that is known."""
        query = select(article_key.c.key, article_key.c.source_id, *HEAD).outerjoin_from(
            article_key, article, article.c.id == article_key.c.article_id
        )
        query = query.outerjoin(source, source.c.id == article.c.source_id)
        for row in self._in(query, article_key.c.key, keys):
            yield row.key, row.source_id, None if row.id is None else codec.head(row)

    def same_texts(self, keys: Collection[int]) -> list[Head]:
        """The last article of each source and title that has one of these texts; none that was dropped."""
        newest = select(func.max(article.c.id)).where(article.c.dropped.is_(None))
        newest = newest.group_by(article.c.text_key, article.c.source_id, article.c.title_key)
        return [codec.head(r) for r in self._newest(newest, article.c.text_key, keys)]

    def same_pages(self, keys: Collection[int]) -> list[tuple[Head, bool]]:
        """The last article of each source that has one of these canonical URLs, and whether it is the only one."""
        groups = (article.c.url_key, article.c.source_id)
        counts: Any = select(func.max(article.c.id).label("id"), func.count().label("n")).group_by(*groups)
        only = {r.id: r.n == 1 for r in self._in(counts, article.c.url_key, keys)}
        return [(h, only[h.row]) for h in self._heads(only)]

    def _newest(self, newest: Select[Any], column: Any, keys: Collection[int]) -> Iterator[Any]:
        for chunk in batched_sorted(keys):
            query = select(*HEAD).join_from(article, source, source.c.id == article.c.source_id)
            yield from self.connection.execute(
                query.where(article.c.id.in_(newest.where(column.in_(chunk)))).order_by(article.c.id)
            )

    def _heads(self, rows: Collection[int]) -> Iterator[Head]:
        query = select(*HEAD).join_from(article, source, source.c.id == article.c.source_id)
        return map(codec.head, self._in(query.order_by(article.c.id), article.c.id, rows))

    def members(self, entries: Collection[int]) -> dict[int, list[Head]]:
        """The articles of each entry, in the order in which they came."""
        query = select(*HEAD).join_from(article, source, source.c.id == article.c.source_id)
        found: dict[int, list[Head]] = {}
        for row in self._in(query.order_by(article.c.id), article.c.entry_id, entries):
            found.setdefault(row.entry_id, []).append(codec.head(row))
        return found

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
        query = select(entry.c.id).where(entry.c.first_seen >= micros(since)).order_by(entry.c.id)
        return list(self.connection.execute(query).scalars())

    def newest_of(self, section_id: int, limit: int) -> list[int]:
        """The entries that entered a section last."""
        query = select(entry_section.c.entry_id).where(entry_section.c.section_id == section_id)
        return list(self.connection.execute(query.order_by(entry_section.c.first.desc()).limit(limit)).scalars())

    def _in(self, query: Select[Any], column: Any, values: Collection[Any]) -> Iterator[Any]:
        for chunk in batched_sorted(values):
            yield from self.connection.execute(query.where(column.in_(chunk)))

    # ------------------------------------------------------------ writing

    def next_version(self) -> int:
        """Counts the content of the store up by one and gives the new count."""
        row = self.connection.execute(select(meta.c.value).where(meta.c.key == "version")).scalar()
        version = int(row or 0) + 1
        if row is None:
            self.connection.execute(insert(meta).values(key="version", value=str(version)))
        else:
            self.connection.execute(update(meta).where(meta.c.key == "version").values(value=str(version)))
        return version

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts rows, all with the same columns."""
        if rows:
            self.connection.execute(insert(table), rows)

    def change(self, table: Table, rows: Sequence[Mapping[str, Any]], key: str = "id") -> None:
        """Updates rows by their number; every row names the same columns."""
        if rows:
            columns: dict[str, Any] = {c: bindparam(f"_{c}") for c in rows[0] if c != key}
            statement = update(table).where(table.c[key] == bindparam("_row")).values(columns)
            self.connection.execute(
                statement, [{f"_{c}": v for c, v in r.items() if c != key} | {"_row": r[key]} for r in rows]
            )

    def put_keys(self, rows: Iterable[tuple[int, int, int | None]]) -> None:
        """Adds (key, source, article); a key that is known keeps its article unless it becomes ambiguous."""
        rows = list(rows)
        known = {(k, s): a for k, s, a in self._raw_keys({k for k, _, _ in rows})}
        fresh = {(k, s): a for k, s, a in rows if (k, s) not in known}
        self.add(article_key, [{"key": k, "source_id": s, "article_id": a} for (k, s), a in fresh.items()])
        spoilt = [(k, s) for k, s, a in rows if a is None and known.get((k, s)) is not None]
        for k, s in spoilt:
            where = (article_key.c.key == k) & (article_key.c.source_id == s)
            self.connection.execute(update(article_key).where(where).values(article_id=None))

    def _raw_keys(self, keys: Collection[int]) -> Iterator[tuple[int, int, int | None]]:
        for row in self._in(select(article_key), article_key.c.key, keys):
            yield row.key, row.source_id, row.article_id

    def drop_from_section(self, section_id: int, entries: Collection[int]) -> None:
        """Takes entries out of a section."""
        for chunk in batched_sorted(entries):
            where = (entry_section.c.section_id == section_id) & entry_section.c.entry_id.in_(chunk)
            self.connection.execute(delete(entry_section).where(where))

    def free_hosts(self, names: Collection[str], now: datetime, until: datetime) -> None:
        """Gives hosts back on which nothing is leased any more; the next claim may come at `until`."""
        busy = select(source.c.host).where(source.c.lease_until > micros(now))
        for chunk in batched_sorted(names):
            where = host.c.name.in_(chunk) & host.c.name.not_in(busy)
            greatest = func.max if self.connection.dialect.name == "sqlite" else func.greatest
            values = {"lease_until": None, "holder": None, "free_at": greatest(host.c.free_at, micros(until))}
            self.connection.execute(update(host).where(where).values(values))

    def bind_host(self, name: str, until: datetime) -> None:
        """Nobody asks this host before then (429 with Retry-After)."""
        self.connection.execute(update(host).where(host.c.name == name).values(free_at=micros(until)))

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

    def release(self, tokens: Mapping[int, int]) -> None:
        """Gives leases back without a poll: source number -> token."""
        for number, token in tokens.items():
            where = (source.c.id == number) & (source.c.token == token)
            self.connection.execute(update(source).where(where).values(lease_until=None))


def batched_sorted(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in order, in chunks that one statement takes."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
