"""What publishing, status and explain read. Every query is bounded, but for those that say so."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, Select, func, select

from feeds.model import Article, Entry, EntryState, Poll, Source, SourceState
from feeds.store import codec
from feeds.store.bulk import among, batched_sorted
from feeds.store.codec import maybe_moment, micros, moment
from feeds.store.schema import article, entry, entry_section, meta, origin, output, poll, section, source


class Line(Struct, frozen=True, kw_only=True, gc=False):
    """An entry as a section lists it: numbers are the store's own; `source` is the lead's."""

    entry: int
    source: str
    first: datetime
    published: datetime
    version: int
    printed: bool


class Shown(Struct, frozen=True, kw_only=True, gc=False):
    """An entry with its lead and every copy that its members carry."""

    entry: Entry
    lead: Article
    copies: tuple[Article, ...]
    sections: tuple[str, ...]
    dropped: Mapping[str, str]  # article id -> the rule that dropped it
    numbers: Mapping[str, int] = field(default_factory=dict)  # article id -> the store's own
    into: int | None = None  # of an alias: the entry that its copies stand in now; they are those that it brought


class SectionState(Struct, frozen=True, kw_only=True, gc=False):
    """What is stored of a section; `shown` is the content version that its files in one output show."""

    name: str
    version: int
    updated: datetime | None
    as_of: datetime | None
    next_change: datetime | None


class SourceRecord(Struct, frozen=True, kw_only=True, gc=False):
    """A source that is or was configured."""

    state: SourceState
    configured: Source  # as last configured; no URL, no headers
    active: bool
    leased_until: datetime | None


class Shelf:
    """Named queries of a reading transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # ------------------------------------------------------------ publishing

    def version(self) -> int:
        """The content version of the store; 0 when nothing was ever settled."""
        return int(self.connection.execute(select(meta.c.value).where(meta.c.key == "version")).scalar() or 0)

    def sections(self) -> dict[str, SectionState]:
        """Every section that ever was, by name."""
        return {
            r.name: SectionState(
                name=r.name,
                version=r.version,
                updated=maybe_moment(r.updated or None),
                as_of=maybe_moment(r.as_of),
                next_change=maybe_moment(r.next_change),
            )
            for r in self.connection.execute(select(section).order_by(section.c.id))
        }

    def shown(self, folder: str) -> dict[str, tuple[int, int]]:
        """(content version, look) that the files of each section show in a folder."""
        rows = self.connection.execute(select(output).where(output.c.folder == folder))
        return {r.section: (r.version, r.look) for r in rows}

    def lines(self, name: str, limit: int) -> list[Line]:
        """The entries that entered a section last, newest first, live ones only."""
        query = (
            self._line(entry_section.c.first)
            .join_from(entry_section, section, section.c.id == entry_section.c.section_id)
            .join(entry, entry.c.id == entry_section.c.entry_id)
            .where(section.c.name == name)
            .order_by(entry_section.c.first.desc(), entry_section.c.entry_id.desc())
        )
        return self._lines(query, limit)

    def all_lines(self, limit: int) -> list[Line]:
        """The entries that entered any section last, newest first, live ones only."""
        query = self._line(entry.c.listed.label("first")).select_from(entry)
        query = query.where(entry.c.listed.is_not(None)).order_by(entry.c.listed.desc(), entry.c.id.desc())
        return self._lines(query, limit)

    def _line(self, first: Any) -> Select[Any]:
        return select(entry.c.id, first, entry.c.published, entry.c.version, entry.c.printed, source.c.name)

    def _lines(self, query: Select[Any], limit: int) -> list[Line]:
        query = query.join(article, article.c.id == entry.c.lead_id).join(source, source.c.id == article.c.source_id)
        return [
            Line(
                entry=number,
                source=name,
                first=moment(first),
                published=moment(published),
                version=version,
                printed=printed,
            )
            for number, first, published, version, printed, name in self.connection.execute(
                query.where(entry.c.state == EntryState.LIVE).limit(limit)
            )
        ]

    def printed_since(self, version: int) -> list[int]:
        """Entries with a page whose content is newer than that version; unbounded, numbers only."""
        query = select(entry.c.id).where(entry.c.printed, entry.c.version > version).order_by(entry.c.id)
        return list(self.connection.execute(query).scalars())

    def entries(self, numbers: Collection[int]) -> Iterator[tuple[int, Shown]]:
        """(number, entry with its copies), in the order of the numbers."""
        for chunk in batched_sorted(numbers):
            yield from self._entries(chunk)

    def _entries(self, numbers: list[int]) -> Iterator[tuple[int, Shown]]:
        rows = {
            r.id: r for r in self.connection.execute(select(entry).where(among(self.connection, entry.c.id, numbers)))
        }
        names = self._section_names(numbers)
        copies: dict[int, list[Any]] = {}
        theirs = among(self.connection, article.c.entry_id, numbers)
        query = select(article, source.c.name).join_from(article, source, source.c.id == article.c.source_id)
        for row in self.connection.execute(query.where(theirs).order_by(article.c.id)):
            copies.setdefault(row.entry_id, []).append(row)
        merged = [n for n, r in rows.items() if r.state == EntryState.MERGED]
        if merged:
            home = origin.c.entry_id.label("home")
            brought = query.add_columns(home).join(origin, origin.c.article_id == article.c.id)
            brought = brought.where(among(self.connection, origin.c.entry_id, merged))
            for row in self.connection.execute(brought.order_by(article.c.id)):
                copies.setdefault(row.home, []).append(row)
        for number in numbers:
            if number in rows:
                yield number, _shown(rows[number], copies[number], tuple(names.get(number, ())))

    def _section_names(self, numbers: list[int]) -> dict[int, list[str]]:
        query = select(entry_section.c.entry_id, section.c.name).join_from(
            entry_section, section, section.c.id == entry_section.c.section_id
        )
        found: dict[int, list[str]] = {}
        theirs = among(self.connection, entry_section.c.entry_id, numbers)
        for row in self.connection.execute(query.where(theirs).order_by(section.c.id)):
            found.setdefault(row.entry_id, []).append(row.name)
        return found

    # ------------------------------------------------------------ status

    def sources(self, names: Collection[str] = ()) -> list[SourceRecord]:
        """Every source that is or was configured, or these, by name."""
        query = select(source).order_by(source.c.name)
        if names:
            query = query.where(among(self.connection, source.c.name, names))
        return [
            SourceRecord(
                state=codec.load_state(r),
                configured=codec.load_source(r.config),
                active=r.active,
                leased_until=maybe_moment(r.lease_until),
            )
            for r in self.connection.execute(query)
        ]

    def counts(self) -> dict[str, int]:
        """How many articles, entries and listed entries there are; counts every row."""
        one, alive = self.connection.execute, entry.c.state != EntryState.MERGED
        return {
            "articles": one(select(func.count()).select_from(article)).scalar_one(),
            "entries": one(select(func.count()).select_from(entry).where(alive)).scalar_one(),
            "listed": one(
                select(func.count()).select_from(entry).where(alive, entry.c.listed.is_not(None))
            ).scalar_one(),
        }

    def section_counts(self) -> dict[str, int]:
        """How many entries each section has; counts every row."""
        query = (
            select(section.c.name, func.count(entry.c.id))
            .outerjoin_from(section, entry_section, section.c.id == entry_section.c.section_id)
            .outerjoin(entry, (entry.c.id == entry_section.c.entry_id) & (entry.c.state != EntryState.MERGED))
        )
        return {r[0]: r[1] for r in self.connection.execute(query.group_by(section.c.id, section.c.name))}

    def article_counts(self) -> dict[str, tuple[int, int, int]]:
        """By source: articles, how many of them in no section, how many dropped; counts every row."""
        query = (
            select(source.c.name, func.count(), func.count(entry.c.listed), func.count(article.c.dropped))
            .join_from(article, source, source.c.id == article.c.source_id)
            .join(entry, entry.c.id == article.c.entry_id)
            .group_by(source.c.name)
        )
        return {r[0]: (r[1], r[1] - r[2], r[3]) for r in self.connection.execute(query)}

    def drop_counts(self, name: str) -> dict[str, int]:
        """How many articles of a source each drop rule hit."""
        query = (
            select(article.c.dropped, func.count())
            .join_from(article, source, source.c.id == article.c.source_id)
            .where(source.c.name == name, article.c.dropped.is_not(None))
            .group_by(article.c.dropped)
        )
        return {r[0]: r[1] for r in self.connection.execute(query)}

    def newest_articles(self, name: str, limit: int) -> Iterator[Article]:
        """The articles of a source that came last."""
        query = (
            select(article.c.data)
            .join_from(article, source, source.c.id == article.c.source_id)
            .where(source.c.name == name)
            .order_by(article.c.id.desc())
            .limit(limit)
        )
        return (codec.load_article(r.data, name) for r in self.connection.execute(query))

    def polls(self, name: str, limit: int) -> list[Poll]:
        """The last polls of a source, newest first."""
        query = (
            select(poll.c.data)
            .join_from(poll, source, source.c.id == poll.c.source_id)
            .where(source.c.name == name)
            .order_by(poll.c.id.desc())
            .limit(limit)
        )
        return [codec.load_poll(r.data, name) for r in self.connection.execute(query)]

    def last_polls(self) -> dict[str, Poll]:
        """The last poll of each source."""
        last = select(func.max(poll.c.id)).group_by(poll.c.source_id)
        query = select(poll.c.data, source.c.name).join_from(poll, source, source.c.id == poll.c.source_id)
        return {
            r.name: codec.load_poll(r.data, r.name) for r in self.connection.execute(query.where(poll.c.id.in_(last)))
        }

    def next_due(self) -> datetime | None:
        """When the next source is due; None when none ever is."""
        query = select(func.min(func.coalesce(source.c.next_poll, 0))).where(source.c.active)
        return maybe_moment(self.connection.execute(query).scalar())

    def due(self, now: datetime) -> int:
        """How many sources are due."""
        query = select(func.count()).select_from(source).where(source.c.active)
        return self.connection.execute(query.where(func.coalesce(source.c.next_poll, 0) <= micros(now))).scalar_one()

    # ------------------------------------------------------------ explain

    def entry_of(self, uid: str) -> int | None:
        """The number of the entry that an article's id belongs to."""
        return self.connection.execute(select(article.c.entry_id).where(article.c.uid == uid)).scalar()

    def entries_at(self, url_keys: Iterable[int]) -> list[int]:
        """The numbers of the entries with an article at one of these canonical URLs; at most 20."""
        query = select(article.c.entry_id).where(article.c.url_key.in_(list(url_keys))).distinct()
        return list(self.connection.execute(query.order_by(article.c.entry_id).limit(20)).scalars())


def _shown(row: Any, copies: list[Any], names: tuple[str, ...]) -> Shown:
    articles = {c.id: codec.load_article(c.data, c.name) for c in copies}
    first = next(c for c in copies if c.id == row.id)
    lead = articles.get(row.lead_id) or articles[first.id]  # of an alias the lead may have come with another one
    return Shown(
        entry=Entry(
            id=first.uid,
            lead=lead.id,
            published=moment(row.published),
            updated=moment(row.updated),
            first_seen=moment(row.first_seen),
            state=EntryState(row.state),
            members=tuple(codec.load_member(c) for c in copies),
        ),
        lead=lead,
        copies=tuple(articles.values()),
        sections=names,
        dropped={c.uid: c.dropped for c in copies if c.dropped is not None},
        numbers={c.uid: c.id for c in copies},
        into=first.entry_id if row.state == EntryState.MERGED else None,
    )
