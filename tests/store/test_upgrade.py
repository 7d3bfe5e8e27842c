"""Opening, recognising, migrating, backup and restore."""

import contextlib
import shutil
import sqlite3
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, make_url, text

from feeds.errors import LockedError, StoreError
from feeds.store import backup, migrate, open_store, restore
from feeds.store.schema import REVISION
from tests.databases import dump, file_of, wipe
from tests.newsroom import HOUR, LONG, Desk, article, source

NEWER = "9999"


def execute(url, *statements):
    engine = create_engine(make_url(url))
    with engine.begin() as connection:
        for one in statements:
            connection.execute(text(one))
    engine.dispose()


def opened(url, **options):
    return contextlib.closing(open_store(url, "desk-1", **options))


def test_a_migrated_store_opens(blank):
    assert migrate(blank, "test") == f"created the store with schema {REVISION}"
    with opened(blank) as store, store.reading() as shelf:
        assert shelf.counts() == {"articles": 0, "entries": 0, "listed": 0}


def test_migrate_twice_does_nothing(blank):
    migrate(blank, "test")
    assert migrate(blank, "test") == f"the store is already at schema {REVISION}; nothing was done"


def test_a_database_with_other_tables_is_refused(blank):
    execute(blank, "CREATE TABLE recipe (id INTEGER)")
    with pytest.raises(StoreError, match="not"):
        open_store(blank, "test")
    with pytest.raises(StoreError, match="not"):
        migrate(blank, "test")


def test_a_newer_schema_is_refused(blank):
    migrate(blank, "test")
    execute(blank, "UPDATE alembic_version SET version_num = '9999'")
    for refused in (
        lambda: open_store(blank, "test"),
        lambda: open_store(blank, "test", create=False, upgrade=False),
        lambda: migrate(blank, "test"),
    ):
        with pytest.raises(StoreError, match="schema 9999 is newer than this release"):
            refused()


def test_no_password_in_errors(blank):
    if blank.startswith("sqlite"):
        return
    with pytest.raises(StoreError) as caught:
        open_store(make_url(blank).set(password="tulip").render_as_string(hide_password=False), "test")
    assert "tulip" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["mysql://localhost/x", "no url at all", "sqlite://", "sqlite:///:memory:"],
)
def test_other_urls_are_refused(url):
    with pytest.raises(StoreError, match=r"store\.url"):
        open_store(url, "test")


class TestPostgresql:
    def test_an_empty_database_is_only_filled_by_migrate(self, blank):
        if blank.startswith("sqlite"):
            return
        with pytest.raises(StoreError, match="copydesk migrate"):
            open_store(blank, "test")

    def test_a_server_that_is_not_there(self):
        with pytest.raises(StoreError, match="refused"):
            open_store("postgresql://127.0.0.1:1/none", "test")


class TestSqlite:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "store.db"

    def test_missing_is_created(self, path):
        with opened(f"sqlite:///{path}") as store:
            assert store.setting("format") == "copydesk"

    def test_an_empty_file_is_filled(self, path):
        path.touch()
        with opened(f"sqlite:///{path}") as store:
            assert store.setting("format") == "copydesk"

    def test_missing_is_not_created_without_leave(self, path):
        with pytest.raises(StoreError, match="no store there yet"):
            open_store(f"sqlite:///{path}", "test", create=False)
        assert not path.exists()

    def test_a_missing_folder_is_named(self, tmp_path):
        with pytest.raises(StoreError, match="no such folder"):
            open_store(f"sqlite:///{tmp_path}/none/store.db", "test")

    def test_a_name_with_odd_characters(self, tmp_path):
        path = tmp_path / "what? 100%#1.db"
        for _ in range(2):
            with opened(f"sqlite:///{path}") as store:
                assert store.setting("format") == "copydesk"

    def test_what_is_no_database_is_refused_and_left_alone(self, path):
        path.write_text("Dear diary, nothing happened today.\n" * 100)
        with pytest.raises(StoreError, match="is not a Copydesk store"):
            open_store(f"sqlite:///{path}", "test")
        assert path.read_text().startswith("Dear diary")

    def test_a_damaged_store_says_so(self, path):
        open_store(f"sqlite:///{path}", "test").close()
        data = bytearray(path.read_bytes())
        data[100:3000] = b"\xff" * 2900
        path.write_bytes(data)
        with pytest.raises(StoreError, match="restore a backup"):
            open_store(f"sqlite:///{path}", "test")

    def test_a_start_that_died_half_way_is_made_good(self, path):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA application_id = 1129270361")
        with opened(f"sqlite:///{path}") as store:
            assert store.setting("format") == "copydesk"

    def test_an_older_store_is_upgraded_after_a_copy(self, path, monkeypatch):
        open_store(f"sqlite:///{path}", "test").close()
        monkeypatch.setattr("feeds.store.upgrade.REVISION", NEWER)
        with opened(f"sqlite:///{path}") as store:
            assert store.setting("format") == "copydesk"
        assert path.with_name(f"store.db.schema-{REVISION}.bak").stat().st_size > 0

    def test_an_older_store_is_left_alone_without_leave(self, path, monkeypatch):
        open_store(f"sqlite:///{path}", "test").close()
        monkeypatch.setattr("feeds.store.upgrade.REVISION", NEWER)
        with pytest.raises(StoreError, match="copydesk migrate"):
            open_store(f"sqlite:///{path}", "test", upgrade=False)

    def test_two_that_start_at_once(self, path):
        starts, results = Barrier(2), []

        def start():
            starts.wait()
            try:
                with opened(f"sqlite:///{path}") as store:
                    results.append(store.setting("format"))
            except LockedError as error:
                results.append(type(error))

        threads = [Thread(target=start) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert set(results) <= {"copydesk", LockedError} and "copydesk" in results


# ---------------------------------------------------------------- backup, restore


@pytest.fixture
def full(store):
    """A store with sources, articles, merged entries, sections and polls."""
    desk = Desk(store, source("gazette"), source("herald"), source("idle"))
    desk.poll("gazette", article("a"), article("b", text="Short."), article("c", text=LONG))
    desk.later(HOUR)
    desk.poll("herald", article("c", by="herald", text=LONG, title="Ünïcode 東京"))
    return desk


def test_backup_and_restore_bring_the_same_rows(full, tmp_path):
    backup(full.store, tmp_path / "copy.db")
    expected = dump(full.store)
    restore(tmp_path / "copy.db", f"sqlite:///{tmp_path}/other.db", "test")
    with opened(f"sqlite:///{tmp_path}/other.db") as other:
        assert dump(other) == expected


def test_from_sqlite_to_postgresql_and_back(tmp_path, postgresql_engine):
    first = f"sqlite:///{tmp_path}/first.db"
    second = postgresql_engine.url.render_as_string(hide_password=False)
    wipe(postgresql_engine)
    with opened(first) as store:
        desk = Desk(store, source("gazette"), source("herald"))
        desk.poll("gazette", article("a"), article("b"))
        desk.poll("herald", article("a", by="herald", text=article("a").text))
        expected = dump(store)
        backup(store, tmp_path / "1.db")
    restore(tmp_path / "1.db", second, "test")
    with opened(second) as store:
        assert dump(store) == expected
        backup(store, tmp_path / "2.db")
    restore(tmp_path / "2.db", f"sqlite:///{tmp_path}/third.db", "test")
    with opened(f"sqlite:///{tmp_path}/third.db") as store:
        assert dump(store) == expected


def test_a_restored_server_goes_on_counting(tmp_path, postgresql_engine):
    url = postgresql_engine.url.render_as_string(hide_password=False)
    wipe(postgresql_engine)
    with opened(f"sqlite:///{tmp_path}/first.db") as store:
        Desk(store, source("gazette")).poll("gazette", article("a"))
        backup(store, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", url, "test")
    with opened(url) as store:
        desk = Desk(store, source("gazette"), source("herald"))
        desk.later(HOUR)
        desk.poll("herald", article("b", by="herald"))
        desk.poll("gazette", article("c"))
        assert len(desk.entries()) == 3


def test_what_stands_in_a_copied_log_of_writes_is_restored(tmp_path):
    """As when the files of a store were copied while it was in use."""
    (tmp_path / "copied").mkdir()
    with opened(f"sqlite:///{tmp_path}/first.db") as store:
        Desk(store, source("gazette")).poll("gazette", article("a"))
        expected = dump(store)
        for name in ("first.db", "first.db-wal"):
            shutil.copyfile(tmp_path / name, tmp_path / "copied" / name)
    restore(tmp_path / "copied" / "first.db", f"sqlite:///{tmp_path}/other.db", "test")
    with opened(f"sqlite:///{tmp_path}/other.db") as other:
        assert dump(other) == expected


def test_leases_are_not_restored(full, tmp_path):
    full.later(HOUR)
    assert full.claim("idle")
    backup(full.store, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", f"sqlite:///{tmp_path}/other.db", "test")
    with opened(f"sqlite:///{tmp_path}/other.db") as other:
        assert [c.state.name for c in other.claim(full.book.sources, full.now, limit=9, named=["idle"])] == ["idle"]


def test_backup_overwrites_nothing(store, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        backup(store, tmp_path / "copy.db")


def test_backup_to_where_nothing_may_be_looked_up_is_refused(store, tmp_path):
    """Root may look everywhere, but nobody at a name that is too long."""
    with pytest.raises(StoreError, match="cannot be written"):
        backup(store, tmp_path / ("a" * 300))


def test_backup_leaves_one_file(full, tmp_path):
    (tmp_path / "out").mkdir()
    backup(full.store, tmp_path / "out" / "copy.db")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["copy.db"]


def test_restore_refuses_a_store_with_articles(full, tmp_path):
    backup(full.store, tmp_path / "copy.db")
    url = full.store.writer.url.render_as_string(hide_password=False)
    with pytest.raises(StoreError, match="holds a store with articles"):
        restore(tmp_path / "copy.db", url, "test")


def test_restore_refuses_what_is_no_backup(store, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear editor")
    with pytest.raises(StoreError, match="not a backup"):
        restore(tmp_path / "letter.txt", f"sqlite:///{tmp_path}/other.db", "test")


def test_secrets_are_not_stored(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    secret = source(
        "vault",
        url="https://vault.example/feed?key=open-sesame",
        headers=(("Authorization", "Bearer swordfish"),),
        private=True,
    )
    with opened(url) as store:
        Desk(store, secret).poll("vault", article("a", by="vault"))
    data = b"".join(path.read_bytes() for path in file_of(url).parent.iterdir())
    assert b"vault" in data
    assert b"open-sesame" not in data
    assert b"swordfish" not in data
    assert b"Authorization" not in data
