"""PostgreSQL as a store: one engine; who decides holds an advisory lock to the end of the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, text

from feeds.errors import LockedError
from feeds.store.codec import hash64

DECIDING = hash64("copydesk deciding")


def engines(url: Any) -> tuple[Engine, Engine]:
    """(for reading, for writing): the same; reads see one snapshot."""
    writer = create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    return writer.execution_options(isolation_level="REPEATABLE READ"), writer


def decide_alone(connection: Any) -> None:
    """Waits until no other transaction decides."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DECIDING})


@contextmanager
def lock(engine: Engine, name: str) -> Iterator[None]:
    """Holds the named lock on a connection of its own; LockedError when another session has it."""
    key = {"key": hash64(f"copydesk {name}")}
    with engine.connect() as connection:
        got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar()
        connection.commit()
        if not got:
            raise LockedError(f"{name}: another copydesk is at it; wait until it has ended")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
            connection.commit()
