"""The store: opened once, gives transactions; claims and leases of sources."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, Select, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from feeds.errors import StoreError
from feeds.model import Claim, Source, SourceState
from feeds.store import codec, postgresql, sqlite
from feeds.store.codec import micros
from feeds.store.ledger import Ledger
from feeds.store.schema import IDENTITY, host, meta, source
from feeds.store.shelf import Shelf
from feeds.store.workers import has_ended

LEASE = timedelta(minutes=10)


class Registered(Struct, frozen=True, kw_only=True, gc=False):
    """What a configuration changed in the list of sources; names in the order of the configuration."""

    added: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()  # (old, new)
    late: tuple[tuple[str, str], ...] = ()  # the same, where the new one has a history of its own by now
    moved: tuple[str, ...] = ()  # another URL than before
    stopped: tuple[str, ...] = ()  # no longer configured, or disabled


@dataclass(slots=True)
class Store:
    """A database that is ours and of this release's schema (see `feeds.store.upgrade.open_store`)."""

    reader: Engine
    writer: Engine
    worker: str  # who leases: one process
    _identity: str | None = None

    def close(self) -> None:
        """Gives every connection back."""
        self.reader.dispose()
        self.writer.dispose()

    @property
    def engine_name(self) -> str:
        """The engine: sqlite or postgresql."""
        return self.writer.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Shelf]:
        """A transaction that sees one state of the store."""
        with translated(), self.reader.connect() as connection, connection.begin():
            yield Shelf(connection)

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store, and in which nothing can be written."""
        lite = self.engine_name == "sqlite"
        with translated(), self.reader.connect() as connection, connection.begin():
            connection.exec_driver_sql("PRAGMA query_only = ON" if lite else "SET TRANSACTION READ ONLY")
            try:
                yield connection
            finally:
                if lite:  # the connection goes back to others
                    connection.exec_driver_sql("PRAGMA query_only = OFF")

    @contextmanager
    def deciding(self) -> Iterator[Ledger]:
        """The transaction of the one decider; nothing of it is kept when the block raises."""
        with translated(), self.writer.connect() as connection, connection.begin():
            if self.engine_name == "postgresql":
                postgresql.decide_alone(connection)
            yield Ledger(connection)

    @contextmanager
    def lock(self, name: str) -> Iterator[Callable[[], None]]:
        """The lock that guards migrate, restore and publishing to one output; raises LockedError at once.

        What it gives raises StoreError when the lock was lost meanwhile.
        """
        with translated(), self._lock(name) as held:
            yield held

    def _lock(self, name: str) -> AbstractContextManager[Callable[[], None]]:
        if self.engine_name == "sqlite":
            return sqlite.lock(self.writer.url, name)
        return postgresql.lock(self.writer, name)

    def register(self, sources: Sequence[Source]) -> Registered:
        """Brings the table of sources in line with the configuration; history stays, also of what is gone."""
        with self.deciding() as ledger:
            return _register(ledger.connection, sources)

    def claim(
        self,
        sources: Mapping[str, Source],
        now: datetime,
        *,
        limit: int,
        named: Sequence[str] = (),
        without: Collection[str] = (),
        lease: timedelta = LEASE,
    ) -> tuple[Claim, ...]:
        """Leases up to `limit` sources that are due, `without` these, and their hosts; longest due comes first.

        `named` asks for these, due or not; what a server forbade (Retry-After, back-off, 410) still holds.
        Everything due at one host goes to one worker: the fetch door keeps the host's pace.
        """
        with translated(), self.writer.connect() as connection, connection.begin():
            rows = self._askable(connection, sources, now, limit, named, without)
            hosts = self._lease_hosts(connection, {r.host for r in rows}, now, now + lease)
            rows = [r for r in rows if r.host in hosts]
            _lease(connection, rows, now + lease)
        return tuple(_claim(r, sources[r.name], now + lease) for r in rows)

    def take_over(self, now: datetime) -> dict[str, int]:
        """Ends the leases of workers that are certainly dead; gives how many sources each of them had."""
        held = select(host.c.holder).where(host.c.lease_until > micros(now), host.c.holder != self.worker).distinct()
        with translated(), self.reader.connect() as connection:
            holders = connection.execute(held.order_by(host.c.holder)).scalars().all()
        dead = [name for name in holders if has_ended(name)]
        if not dead:
            return {}
        with self.deciding() as ledger:
            return {name: ledger.end_leases(name) for name in dead}

    def next_free_host(self, now: datetime, without: Collection[str]) -> datetime | None:
        """When the first host is free that a source waits for which is due, `without` these; None: none waits."""
        at = micros(now)
        query = (
            select(func.min(host.c.free_at))
            .join_from(source, host, host.c.name == source.c.host)
            .where(source.c.active, source.c.next_poll <= at, host.c.free_at > at)
            .where(or_(source.c.lease_until.is_(None), source.c.lease_until <= at))
        )
        with translated(), self.reader.connect() as connection:
            rows = connection.execute(query.add_columns(source.c.name).group_by(source.c.name)).all()
        waiting = [free_at for free_at, name in rows if name not in without]
        return codec.moment(min(waiting)) if waiting else None

    def _askable(
        self,
        connection: Connection,
        sources: Mapping[str, Source],
        now: datetime,
        limit: int,
        named: Sequence[str],
        without: Collection[str],
    ) -> list[Any]:
        """The first rows that are due and may be asked; looks further when those in front may not."""
        for start in count(0, limit):
            rows = connection.execute(self._due(now, limit, named).offset(start)).all()
            fit = [r for r in rows if r.name in sources and r.name not in without and _may_ask(r, now)]
            if fit or len(rows) < limit:
                return fit
        raise AssertionError

    def _due(self, now: datetime, limit: int, named: Sequence[str]) -> Select[Any]:
        at = micros(now)
        busy = select(host.c.name).where(
            or_((host.c.lease_until > at) & (host.c.holder != self.worker), host.c.free_at > at)
        )
        query = (
            select(source)
            .where(source.c.active, or_(source.c.lease_until.is_(None), source.c.lease_until <= at))
            .where(source.c.host.not_in(busy))
            .order_by(source.c.next_poll, source.c.id)
            .limit(limit)
        )
        if named:
            query = query.where(source.c.name.in_(named))
        else:
            query = query.where(source.c.next_poll <= at)
        return query.with_for_update(skip_locked=True)

    def _lease_hosts(self, connection: Connection, names: set[str], now: datetime, until: datetime) -> set[str]:
        if not names:
            return set()
        statement = self._insert()(host)
        upsert = statement.on_conflict_do_update(
            index_elements=[host.c.name],
            set_={"holder": self.worker, "lease_until": micros(until)},
            where=or_(host.c.holder == self.worker, host.c.lease_until.is_(None), host.c.lease_until <= micros(now)),
        ).returning(host.c.name)
        values = [{"name": n, "holder": self.worker, "lease_until": micros(until), "free_at": 0} for n in sorted(names)]
        return {r.name for r in connection.execute(upsert, values)}

    def _insert(self) -> Callable[..., Any]:
        if self.engine_name == "sqlite":
            from sqlalchemy.dialects.sqlite import insert as dialect_insert
        else:
            from sqlalchemy.dialects.postgresql import insert as dialect_insert  # type: ignore[assignment]
        return dialect_insert

    def identity(self) -> str | None:
        """Which store this is: the same of its backups, wherever they are restored. None: one without an article."""
        if self._identity is None:
            self._identity = self.setting(IDENTITY)
        if self._identity is None:
            with self.deciding() as ledger:
                self._identity = ledger.identify()
        return self._identity

    def setting(self, key: str) -> str | None:
        """A value of the table `meta`."""
        with translated(), self.reader.connect() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


@contextmanager
def translated() -> Iterator[None]:
    """Turns the database's errors into StoreError, but for those that only a fault of ours brings about."""
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except PoolTimeoutError as error:
        raise StoreError("the database is kept busy by another task of this process; try again") from error
    except DBAPIError as error:
        told = " ".join(str(error.orig).split())  # libpq speaks in several lines
        raise StoreError(f"the database refused: {told}") from error


def _may_ask(row: Any, now: datetime) -> bool:
    """Whether a source may be asked now by a person's wish: failures and 410 have set its time."""
    return row.next_poll <= micros(now) or not codec.load_state(row).failures


def _lease(connection: Connection, rows: Sequence[Any], until: datetime) -> None:
    if rows:
        statement = update(source).where(source.c.id == bindparam("row"))
        values = {"lease_until": micros(until), "token": source.c.token + 1}
        connection.execute(statement.values(values), [{"row": r.id} for r in rows])


def _claim(row: Any, configured: Source, until: datetime) -> Claim:
    state = codec.load_state(row)
    return Claim(state=replace(state, url=state.url or configured.url), token=row.token + 1, until=until)


def host_of(url: str) -> str:
    """The host and port of a URL, as the key of its pace."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


def _register(connection: Connection, sources: Sequence[Source]) -> Registered:
    rows = {r.name: r for r in connection.execute(select(source))}
    renamed = _rename(connection, rows, sources)
    origins = {codec.load_state(r).origin for r in rows.values()} if {s.name for s in sources} - rows.keys() else set()
    added, moved = [], []
    for one in sources:
        row = rows.get(one.name)
        if row is None:
            connection.execute(insert(source).values(_new_row(one, origins)))
            added.append(one.name)
        else:
            changes = _changes(row, one)
            if "configured" in changes:
                moved.append(one.name)
            if changes:
                connection.execute(update(source).where(source.c.id == row.id).values(changes))
    kept = {s.name for s in sources if not s.disabled}
    stopped = tuple(name for name, row in rows.items() if row.active and name not in kept)
    if stopped:
        connection.execute(update(source).where(source.c.name.in_(stopped)).values(active=False))
    late = renamed_late(rows, sources)
    return Registered(added=tuple(added), renamed=tuple(renamed), late=late, moved=tuple(moved), stopped=stopped)


def _rename(connection: Connection, rows: dict[str, Any], sources: Sequence[Source]) -> list[tuple[str, str]]:
    """Gives old rows their new names, in the database and in `rows`."""
    done = renamed(rows, sources)
    for old, new in done:
        state = codec.load_state(rows[old])
        changes = {"name": new, "state": codec.dump_state(replace(state, origin=state.origin or old))}
        connection.execute(update(source).where(source.c.name == old).values(changes))
        rows.pop(old)
        rows[new] = connection.execute(select(source).where(source.c.name == new)).one()
    return done


def renamed(known: Collection[str], sources: Sequence[Source]) -> list[tuple[str, str]]:
    """Which of the known sources get which other name: (old, new)."""
    left, done = set(known), []
    configured = {s.name for s in sources}
    for one in sources:
        old = next((n for n in one.formerly if n in left and n not in configured), None)
        if old is not None and one.name not in left:
            left = (left - {old}) | {one.name}
            done.append((old, one.name))
    return done


def renamed_late(known: Collection[str], sources: Sequence[Source]) -> tuple[tuple[str, str], ...]:
    """Which of the known sources have got another name that was known before anybody said so: (old, new)."""
    configured = {s.name for s in sources}
    pairs = ((old, one.name) for one in sources if one.name in known for old in one.formerly)
    return tuple((old, new) for old, new in pairs if old in known and old not in configured)


def _new_row(one: Source, origins: Collection[str | None]) -> dict[str, Any]:
    """The row of a new source; another one, now called otherwise, may have given its id to what was printed."""
    numbered = (f"{one.name}/{n}" for n in count(2))
    origin = next(o for o in numbered if o not in origins) if one.name in origins else None
    return {
        "name": one.name,
        "active": not one.disabled,
        "config": codec.dump_source(one),
        "configured": codec.hash64(one.url),
        "host": host_of(one.url),
        "next_poll": 0,
        "token": 0,
        "state": codec.dump_state(SourceState(name=one.name, url="", origin=origin)),
    }


def _changes(row: Any, one: Source) -> dict[str, Any]:
    """The columns in which a row differs from its configuration; another URL forgets what vouched for the old."""
    changes: dict[str, Any] = {}
    if row.active == one.disabled:
        changes["active"] = not one.disabled
    if row.config != codec.dump_source(one):
        changes["config"] = codec.dump_source(one)
        before = codec.load_source(row.config)
        if (before.kind, before.page) != (one.kind, one.page):  # what was read as something else is read again
            changes |= {"state": codec.dump_state(_forgotten(codec.load_state(row))), "next_poll": 0}
            changes |= {"lease_until": None, "token": row.token + 1}
    if row.configured != codec.hash64(one.url):
        state = replace(_forgotten(codec.load_state(row)), failures=0, gone=0, last_error=None)
        state = replace(state, moved_to=None, moved_since=None, moved_seen=0)
        changes |= {"configured": codec.hash64(one.url), "url": None, "host": host_of(one.url), "next_poll": 0}
        # Who is asking the old address just now loses the lease: its validators would vouch for the new one.
        changes |= {"state": codec.dump_state(state), "lease_until": None, "token": row.token + 1}
    return changes


def _forgotten(state: SourceState) -> SourceState:
    """The state without what vouches for a reading."""
    return replace(state, etag=None, last_modified=None, body_hash=None, follow=(), documents=())


def state_columns(state: SourceState, configured_url: str, *, private: bool) -> dict[str, Any]:
    """The columns that a poll changes; where a private source moved is not kept, its URL may be a secret."""
    moved = state.url if state.url != configured_url and not private else None
    if private:
        state = replace(state, moved_to=None, moved_since=None, moved_seen=0)
    return {
        "url": moved,
        "host": host_of(moved or configured_url),
        "next_poll": 0 if state.next_poll is None else micros(state.next_poll),
        "state": codec.dump_state(state),
    }
