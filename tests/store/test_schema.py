"""The newest schema made at once is the one that the migrations make, on both engines."""

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from feeds.store import migrate
from feeds.store.migrations.run import known, upgrade
from feeds.store.schema import REVISION


@pytest.fixture
def engine(blank):
    engine = create_engine(make_url(blank))
    yield engine
    engine.dispose()


def clear(engine):
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        else:
            for name in inspect(connection).get_table_names():
                connection.execute(text(f"DROP TABLE {name}"))


def described(engine):
    """Tables with columns, keys and indexes, as the database itself tells them."""
    seen = inspect(engine)
    tables = {}
    for name in seen.get_table_names():
        columns = [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(name)]
        indexes = sorted(
            (
                i["name"],
                tuple(i["column_names"]),
                bool(i["unique"]),
                str(sorted((k, str(v)) for k, v in i["dialect_options"].items())),
            )
            for i in seen.get_indexes(name)
        )
        unique = sorted(tuple(u["column_names"]) for u in seen.get_unique_constraints(name))
        tables[name] = (columns, seen.get_pk_constraint(name)["constrained_columns"], indexes, unique)
    return tables


def as_written(engine):
    """SQLite keeps the statements: they show what it does not tell otherwise (WITHOUT ROWID, AUTOINCREMENT)."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"))
        return {name: "".join(sql.split()) for name, sql in rows if not name.startswith("sqlite_")}


def test_fresh_schema_is_the_migrated_schema(blank, engine):
    migrate(blank, "test")
    fresh = described(engine)
    written = as_written(engine) if engine.dialect.name == "sqlite" else None
    clear(engine)
    upgrade(engine)
    assert described(engine) == fresh
    if written is not None:
        assert as_written(engine) == written


def test_newest_migration_is_the_schema_that_the_code_expects(blank, engine):
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == REVISION


def test_the_revision_of_the_code_is_known():
    assert REVISION in known()
