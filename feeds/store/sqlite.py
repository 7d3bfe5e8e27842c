"""SQLite as a store: two engines, WAL, explicit BEGIN; one writer at a time."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from feeds.errors import LockedError, StoreError

APPLICATION_ID = 0x434F5059  # "COPY": whose file this is; SQLite, PRAGMA application_id
BUSY_SECONDS = 30.0


def engines(url: URL) -> tuple[Engine, Engine]:
    """(for reading, for writing); the writer's transactions begin IMMEDIATE on its only connection."""
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    reader = create_engine(url, poolclass=QueuePool, pool_size=4, max_overflow=4, **options)
    writer = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, **options)
    for engine, begin in ((reader, "BEGIN"), (writer, "BEGIN IMMEDIATE")):
        event.listen(engine, "connect", _connect)
        event.listen(engine, "begin", lambda connection, begin=begin: connection.exec_driver_sql(begin))
    return reader, writer


def _connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in (
        "page_size = 8192",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def path_of(url: URL) -> Path:
    """The database's file."""
    return Path(url.database or "")


def inspect(path: Path) -> str:
    """What stands at the path: "missing", "empty", "ours", "foreign"; StoreError when it cannot be read."""
    try:
        if not path.exists():
            return "missing"
        if path.stat().st_size == 0:
            return "empty"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except (OSError, sqlite3.DatabaseError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            return "foreign"
        reason = getattr(error, "strerror", error)
        raise StoreError(
            f"{path}: cannot be read ({reason}); is it readable, and whole? Else restore a backup"
        ) from error
    return "ours" if mark == APPLICATION_ID else "foreign" if tables else "empty"


def mark(engine: Engine) -> None:
    """Writes into the file whose it is."""
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def copy(path: Path, target: Path) -> None:
    """A whole, consistent copy, also while others write; StoreError when the target cannot be written."""
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as destination:
            source.backup(destination)
            destination.execute("PRAGMA journal_mode = DELETE")
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"{target}: the copy could not be written ({error}); is there room, and is it writable?"
        ) from error


@contextmanager
def lock(url: URL, name: str) -> Iterator[Callable[[], None]]:
    """Holds the named lock, a file beside the database; LockedError when another process has it. It is never lost."""
    path = path_of(url).with_name(f"{path_of(url).name}.{name}.lock")
    try:
        file = path.open("a")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); is its folder there, and writable?") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"{path}: another copydesk is at it; wait until it has ended") from error
        except OSError as error:  # as some network file systems do
            raise StoreError(f"{path}: cannot be locked ({error.strerror}); keep the store on a local disk") from error
        yield lambda: None
