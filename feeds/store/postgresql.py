"""PostgreSQL as a store: one engine; who decides holds an advisory lock to the end of the transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from feeds.errors import LockedError, StoreError
from feeds.store.codec import hash64

DECIDING = hash64("copydesk deciding")
# Seconds until a side that has vanished is given up, a minute in all; the usual two hours would hold a lock as long for
# nobody.
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def engines(url: Any) -> tuple[Engine, Engine]:
    """(for reading, for writing): the same; reads see one snapshot."""
    connecting = {"connect_timeout": 10, "tcp_user_timeout": 60_000, **ALIVE}
    writer = create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, connect_args=connecting)
    event.listen(writer, "connect", _let_go_of_us)
    return writer.execution_options(isolation_level="REPEATABLE READ"), writer


def _let_go_of_us(connection: Any, _: object) -> None:
    """Has the server give us up as soon as we give it up: whoever decides, or publishes, holds a lock there."""
    for setting, value in ALIVE.items():
        connection.execute(f"SET tcp_{setting} = {value}")
    connection.commit()  # what is set in a transaction that is taken back is not set


def decide_alone(connection: Any) -> None:
    """Waits until no other transaction decides."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DECIDING})


@contextmanager
def lock(engine: Engine, name: str) -> Iterator[Callable[[], None]]:
    """Holds the named lock on a connection of its own; LockedError when another session has it.

    The lock goes when that connection breaks, and nobody is told: what is given raises StoreError then.
    """
    key = {"key": hash64(f"copydesk {name}")}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar():
            raise LockedError(f"{name}: another copydesk is at it; wait until it has ended")
        session = _session(connection)

        def held() -> None:
            if _session(connection) != session:
                raise StoreError(f"{name}: the connection to the database broke, and with it the lock")

        try:
            yield held
        finally:
            with suppress(SQLAlchemyError):  # a broken connection has given it back
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _session(connection: Connection) -> int | None:
    """Which session of the server this connection is; it may have become another one. None: none."""
    with suppress(SQLAlchemyError):
        return connection.execute(text("SELECT pg_backend_pid()")).scalar()
    return None
