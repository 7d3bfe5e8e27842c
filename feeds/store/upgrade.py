"""Opening a store: create, recognise, migrate; backup and restore."""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, exists, insert, inspect, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from feeds.errors import StoreError
from feeds.store import postgresql, sqlite
from feeds.store.schema import FORMAT, IDENTITY, REVISION, meta, metadata
from feeds.store.store import Store, translated

BATCH = 1000
ALEMBIC_TABLE = (  # as Alembic makes it; its import takes a quarter of a second
    "CREATE TABLE alembic_version "
    "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def open_store(url: str, worker: str, *, create: bool = True, upgrade: bool = True) -> Store:
    """The store at a SQLAlchemy URL, ready for use; raises StoreError with what to do otherwise.

    A SQLite store is created when it is missing (`create`) and migrated when it is older (`upgrade`), after a
    copy of it. A PostgreSQL database is only migrated by `migrate`.
    """
    target = _url(url)
    store = Store(*_engines(target), worker)
    try:
        _prepare(store, target, create=create, upgrade=upgrade)
    except BaseException:
        store.close()
        raise
    return store


def migrate(url: str, worker: str) -> str:
    """Creates or upgrades a store of either engine; says what it did."""
    target = _url(url)
    with contextlib.closing(Store(*_engines(target), worker)) as store:
        if store.engine_name == "sqlite":
            _refuse_foreign_file(sqlite.path_of(target))
            _need_folder(sqlite.path_of(target))
        with store.lock("migrate"):
            found = revision(store.writer)
            if found == REVISION:
                return f"the store is already at schema {REVISION}; nothing was done"
            if found is None:
                _create(store)
                return f"created the store with schema {REVISION}"
            _upgrade(store, target, found)
            return f"upgraded the store from schema {found} to {REVISION}"


def backup(store: Store, target: Path) -> None:
    """Writes a whole copy as one SQLite file, of either engine; the target must not exist."""
    try:
        if target.exists():
            raise StoreError(f"{target}: exists already; name a new file")
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}); name another file") from error
    _need_folder(target)
    if store.engine_name == "sqlite":
        sqlite.copy(sqlite.path_of(store.writer.url), target)
    else:
        _write_out(store, target)


def _write_out(store: Store, target: Path) -> None:
    """The rows of a server's store as a file: written beside it first, and copied whole."""
    with TemporaryDirectory(prefix=f"{target.name}.", dir=target.parent) as folder:
        path = Path(folder, "store.db")
        with contextlib.closing(Store(*_engines(_sqlite_url(path)), "backup")) as copy:
            _create(copy)
            with translated(), store.reader.connect() as source, copy.writer.begin() as destination:
                _copy_rows(source, destination)
        sqlite.copy(path, target)


def restore(backup_file: Path, url: str, worker: str) -> None:
    """Fills an absent or empty store from a backup; leases are not taken over."""
    if sqlite.inspect(backup_file) != "ours":
        raise StoreError(f"{backup_file}: not a backup made by `copydesk backup`")
    target = _url(url)
    if target.get_backend_name() == "sqlite":
        _need_folder(sqlite.path_of(target))
    with contextlib.closing(Store(*_engines(target), worker)) as store, store.lock("migrate"):
        if store.engine_name == "sqlite":
            _restore_file(backup_file, sqlite.path_of(target))
        else:
            _restore_rows(backup_file, store)
    with contextlib.closing(open_store(url, worker)) as store, store.deciding() as ledger:
        ledger.connection.execute(text("UPDATE source SET lease_until = NULL"))
        ledger.connection.execute(text("UPDATE host SET lease_until = NULL, holder = NULL"))


def revision(engine: Engine) -> str | None:
    """The schema's revision; None for a database without tables; StoreError for somebody else's."""
    with translated(), engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return None
        ours = "meta" in tables and connection.execute(select(meta.c.value).where(meta.c.key == "format")).scalar()
        if ours != FORMAT:
            raise StoreError(f"{_shown(engine.url)}: holds tables that are not Copydesk's; name another database")
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _prepare(store: Store, target: URL, *, create: bool, upgrade: bool) -> None:
    found = _found(store, target, create=create)
    if found == REVISION:
        return
    if found is None and create and store.engine_name == "sqlite":
        with store.lock("migrate"):
            if revision(store.writer) is None:
                _create(store)
        return
    if found is not None:
        _refuse_newer(target, found)
    if found is None or store.engine_name == "postgresql" or not upgrade:
        stands = "has no tables yet" if found is None else f"is at schema {found}, this release needs {REVISION}"
        raise StoreError(f"{_shown(target)}: {stands}; run `copydesk migrate`")
    with store.lock("migrate"):
        _upgrade(store, target, found)


def _found(store: Store, target: URL, *, create: bool) -> str | None:
    """The revision of what stands at the target; None where nothing does."""
    if store.engine_name == "postgresql":
        return revision(store.writer)
    path = sqlite.path_of(target)
    _refuse_foreign_file(path)
    if sqlite.inspect(path) == "ours":
        return revision(store.writer)
    if not create:
        raise StoreError(f"{path}: no store there yet; run `copydesk poll` first, or check store.url")
    _need_folder(path)
    return None


def _create(store: Store) -> None:
    """Makes the newest schema at once; the migrations give the same one, tested."""
    if store.engine_name == "sqlite":
        sqlite.mark(store.writer)
    with translated(), store.writer.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(meta).values(key="format", value=FORMAT))
        connection.execute(insert(meta).values(key=IDENTITY, value=token_hex(12)))
        connection.execute(text(ALEMBIC_TABLE))
        connection.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": REVISION})


def _upgrade(store: Store, target: URL, found: str) -> None:
    from feeds.store.migrations.run import upgrade  # alembic takes a quarter of a second to import

    _refuse_newer(target, found)
    if store.engine_name == "sqlite":
        path = sqlite.path_of(target)
        sqlite.copy(path, path.with_name(f"{path.name}.schema-{found}.bak"))
    with translated():
        upgrade(store.writer)


def _refuse_newer(target: URL, found: str) -> None:
    from feeds.store.migrations.run import known

    if found not in known():
        raise StoreError(
            f"{_shown(target)}: its schema {found} is newer than this release ({REVISION}); upgrade Copydesk"
        )


def _restore_file(backup_file: Path, path: Path) -> None:
    _refuse_foreign_file(path)
    if sqlite.inspect(path) == "ours" and _articles(path):
        raise StoreError(f"{path}: holds a store with articles; move it away first")
    try:
        for name in (f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: the store could not be written ({error.strerror})") from error
    sqlite.copy(backup_file, path)


def _restore_rows(backup_file: Path, store: Store) -> None:
    if revision(store.writer) is None:
        _create(store)
    with TemporaryDirectory(prefix="copydesk-") as folder:
        path = Path(folder, "store.db")
        sqlite.copy(backup_file, path)
        copy = _sqlite_url(path)
        # An older backup is brought to this schema first.
        with contextlib.closing(open_store(copy.render_as_string(), "restore")) as older:
            _fill(store, older)


def _fill(store: Store, backup_store: Store) -> None:
    with translated(), backup_store.reader.connect() as source, store.writer.begin() as destination:
        if destination.execute(select(exists().select_from(metadata.tables["article"]))).scalar():
            raise StoreError(f"{_shown(store.writer.url)}: holds a store with articles; name an empty database")
        _copy_rows(source, destination)


def _copy_rows(source: Connection, destination: Connection) -> None:
    source = source.execution_options(yield_per=BATCH)  # else a driver reads a whole table into memory
    for table in metadata.sorted_tables:
        destination.execute(table.delete())
        rows = source.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        for part in rows.partitions():
            destination.execute(insert(table), [dict(r) for r in part])
        if destination.dialect.name == "postgresql" and table.name in ("source", "section", "poll", "decision"):
            next_id = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"
            sequence = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {next_id}, false)"
            destination.execute(text(sequence))


def _articles(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'article'").fetchone()[0]
        return bool(tables and connection.execute("SELECT EXISTS (SELECT 1 FROM article)").fetchone()[0])


def _need_folder(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise StoreError(f"{path.parent}: no such folder; create it, or name another")


def _refuse_foreign_file(path: Path) -> None:
    if sqlite.inspect(path) == "foreign":
        raise StoreError(f"{path}: is not a Copydesk store; name another file in store.url")


def _url(url: str) -> URL:
    try:
        target = make_url(url)
        name = target.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError("store.url: not a database URL; write sqlite:///FILE or postgresql+psycopg://…") from error
    if name not in ("sqlite", "postgresql"):
        raise StoreError(f"store.url: {name} is not supported; use sqlite or postgresql")
    if name == "sqlite" and target.database in (None, "", ":memory:"):
        raise StoreError("store.url: names no file; write sqlite:///FILE")
    return target.set(drivername="postgresql+psycopg") if name == "postgresql" else target


def _engines(target: URL) -> tuple[Engine, Engine]:
    if target.get_backend_name() == "sqlite":
        return sqlite.engines(target)
    return postgresql.engines(target)


def _sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
