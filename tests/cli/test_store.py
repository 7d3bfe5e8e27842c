"""The operator's commands."""

import sqlite3

import pytest

from tests.cli.calling import call
from tests.pipeline.printing import snapshot


def test_migrate_makes_a_store(paper):
    called = paper.call("migrate")
    assert (called.code, "created the store" in called.out, (paper.folder / "copydesk.db").exists()) == (0, True, True)


def test_migrate_twice_does_nothing(paper):
    paper.call("migrate")
    assert "nothing was done" in paper.call("migrate", "--json").json["done"]


def test_migrate_leaves_the_file_of_others_alone(paper):
    (paper.folder / "copydesk.db").write_text("a diary, not a database")
    called = paper.call("migrate")
    assert (called.code, called.err.count("\n")) == (3, 1)


def test_a_backup_is_a_whole_database(paper, tmp_path):
    paper.call("poll")
    called = paper.call("backup", tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        counted = connection.execute("SELECT count(*) FROM article").fetchone()
    connection.close()
    assert (called.code, counted, called.out.startswith(f"wrote {tmp_path / 'copy.db'}: ")) == (0, (3,), True)


def test_backup_as_json(paper, tmp_path):
    paper.call("poll")
    assert "wrote" in paper.call("backup", tmp_path / "copy.db", "--json").json["done"]


def test_a_backup_overwrites_nothing(paper, tmp_path):
    paper.call("poll")
    (tmp_path / "copy.db").write_text("mine")
    called = paper.call("backup", tmp_path / "copy.db")
    assert (called.code, (tmp_path / "copy.db").read_text(), called.err.count("\n")) == (3, "mine", 1)


def test_a_backup_of_nothing(paper, tmp_path):
    called = paper.call("backup", tmp_path / "copy.db")
    assert (called.code, snapshot(tmp_path).keys() & {"copy.db"}) == (3, set())


@pytest.fixture
def copy(paper, tmp_path):
    paper.call("poll")
    paper.call("backup", tmp_path / "copy.db")
    return tmp_path / "copy.db"


def test_restore_refuses_a_store_with_articles(paper, copy):
    called = paper.call("restore", copy)
    assert (called.code, "holds a store with articles" in called.err, called.err.count("\n")) == (3, True, 1)


def test_restore_brings_back_what_was_there(paper, copy):
    before = paper.call("status", "--json").json["store"]
    for file in paper.folder.glob("copydesk.db*"):
        file.unlink()
    called = paper.call("restore", copy, "--json")
    assert (called.code, "restored" in called.json["done"], paper.call("status", "--json").json["store"]) == (
        0,
        True,
        before,
    )


def test_after_a_restore_polling_goes_on_where_it_was(paper, copy):
    for file in paper.folder.glob("copydesk.db*"):
        file.unlink()
    paper.call("restore", copy)
    files = snapshot(paper.public)
    called = paper.call("poll", "post")
    assert ("same bytes" in called.out, snapshot(paper.public)) == (True, files)


@pytest.mark.parametrize("content", [None, b"", b"a diary"])
def test_restore_of_what_is_no_backup(paper, tmp_path, content):
    if content is not None:
        (tmp_path / "other.db").write_bytes(content)
    called = paper.call("restore", tmp_path / "other.db")
    assert (called.code, called.err.count("\n")) == (2 if content is None else 3, 1)


def test_a_database_that_is_not_there(paper):
    text = paper.config_file.read_text().replace("sqlite:///copydesk.db", "postgresql://desk@127.0.0.1:9/wire")
    paper.config_file.write_text(text)
    called = call("poll", "-c", paper.config_file)
    assert (called.code, called.err.count("\n"), "Traceback" in called.err) == (3, 1, False)
