"""The one place that wires."""

import contextlib
import os
import shutil
import sqlite3
import threading
import time
from datetime import timedelta

import pytest

from feeds.app import opened, output_key, store_file, user_agent
from feeds.config import load
from feeds.errors import LockedError, StoreError
from feeds.store import Store, backup, restore
from tests.end_to_end.conftest import desk, stand
from tests.end_to_end.stand import item, ok, rss
from tests.values import replace

__all__ = ["desk", "stand"]


@pytest.fixture
def config(stand, desk):
    desk.host = stand({"/feed": ok(rss(item(1) + item(2)))})
    desk.configure({"post": {"url": f"{desk.host.base}/feed"}}, deadline="8s")
    return load(desk.config_file, os.environ)


def test_a_poll_and_a_publishing(config, desk):
    with opened(config) as app:
        app.register()
        polls = list(app.poll())
        with app.publishing():
            published = app.publish()
    assert ([p.new for p in polls], published.sections, len(desk.titles())) == ([2], ("news", "all"), 2)


def test_publishing_is_for_one_at_a_time(config):
    refused = pytest.raises(LockedError, match="another copydesk publishes there")
    with opened(config) as one, opened(config) as two, one.publishing(), refused, two.publishing():
        pass


def test_publishing_to_different_folders_is_not(config, tmp_path):
    elsewhere = replace(config, output=tmp_path / "elsewhere")
    with opened(config) as one, opened(elsewhere) as two, one.publishing(), two.publishing():
        assert output_key(config.output) != output_key(elsewhere.output)


def test_the_lock_is_given_back(config):
    with opened(config) as app:
        with app.publishing():
            pass
        with app.publishing():
            assert app.is_new()


def test_it_is_stale_until_what_came_is_published(config):
    with opened(config) as app:
        app.register()
        before = app.publish(), app.stale()
        list(app.poll())
        after = app.stale()
        app.publish()
        assert (before[1], after, app.stale()) == (False, True, False)


def test_stopping_ends_a_poll_within_moments(config, desk):
    desk.host.answers["/feed"] = lambda conn: time.sleep(8)
    with opened(config) as app:
        app.register()
        threading.Timer(0.2, app.stop).start()
        began = time.monotonic()
        assert (list(app.poll()), time.monotonic() - began < 2) == ([], True)


def test_after_a_stop_the_source_is_due_as_before(config, desk):
    desk.host.answers["/feed"] = lambda conn: time.sleep(8)
    with opened(config) as app:
        app.register()
        threading.Timer(0.2, app.stop).start()
        list(app.poll())
    desk.host.answers["/feed"] = ok(rss(item(1)))
    with opened(config) as app:
        assert [p.new for p in app.poll()] == [1]


def test_another_configuration_is_taken(config, stand, desk):
    other = stand({"/feed": ok(rss(item(5)))})
    with opened(config) as app:
        app.register()
        list(app.poll())
        desk.configure({"post": {"url": f"{desk.host.base}/feed"}, "new": {"url": f"{other.base}/feed"}})
        registered = app.take(load(desk.config_file, os.environ))
        assert (registered.added, [p.source for p in app.poll()]) == (("new",), ["new"])


def test_a_configuration_that_the_store_does_not_take_is_not_taken(config, monkeypatch):
    def failing(*_):
        raise StoreError("the store is gone")

    with opened(config) as app:
        app.register()
        monkeypatch.setattr("feeds.store.Store.register", failing)
        with pytest.raises(StoreError):
            app.take(replace(config, sources=()))
        assert app.config == config


@pytest.mark.parametrize("touched", [False, True], ids=["no file", "a file without rows"])
def test_a_filled_output_without_its_store_is_refused(config, touched):
    config.output.mkdir()
    (config.output / "opml.xml").write_text("<opml/>")
    if touched:
        with opened(replace(config, output=config.output.with_name("other"))):
            pass
    with pytest.raises(StoreError, match="restore a backup"), opened(config):
        pass


def test_what_is_refused_leaves_no_new_store(config):
    config.output.mkdir()
    (config.output / "opml.xml").write_text("<opml/>")
    with pytest.raises(StoreError), opened(config):
        pass
    assert not store_file(config.store_url).exists()


@pytest.mark.parametrize("create", [False, True])
def test_only_who_creates_a_store_makes_one(config, create):
    try:
        with opened(config, create=create):
            pass
    except StoreError:
        assert not create
    assert store_file(config.store_url).exists() == create


def test_headers_keep_a_source_private_when_it_has_left(config):
    secret = replace(config.sources[0], headers=(("Authorization", "Bearer x"),))
    with opened(replace(config, sources=(secret,))) as app:
        app.register()
    with opened(replace(config, sources=())) as app:
        app.register()
        assert app.press().sources["post"].private


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/wire.db", "/srv/wire.db"),
        ("sqlite:////srv/wire.db?timeout=5", "/srv/wire.db"),
        ("postgresql+psycopg://desk@db/wire", None),
    ],
)
def test_where_a_store_lies(url, file):
    found = store_file(url)
    assert (found and str(found)) == file


@pytest.mark.parametrize(
    ("contact", "base", "agent"),
    [
        ("desk@wire.example", "https://wire.example/", " (+https://wire.example/; desk@wire.example)"),
        (None, "https://wire.example/", " (+https://wire.example/)"),
        (None, None, ""),
    ],
)
def test_who_we_say_we_are(contact, base, agent):
    assert user_agent(contact, base).partition(" ")[2] == agent.strip()


def test_a_wait_for_a_host_ends_with_the_stop(config, desk):
    """Two sources at one host, the second some seconds later."""
    urls = {n: {"url": f"{desk.host.base}/{n}"} for n in ("feed", "none")}
    desk.configure(urls, spacing="4s")
    with opened(load(desk.config_file, os.environ)) as app:
        app.register()
        threading.Timer(0.4, app.stop).start()
        began = time.monotonic()
        polls = list(app.poll())
    assert (len(polls), timedelta(seconds=time.monotonic() - began) < timedelta(seconds=2)) == (1, True)


# ---------------------------------------------------------------- whose the output is


def filled(config):
    """Polled and published."""
    with opened(config) as app:
        app.register()
        list(app.poll())
        with app.publishing():
            app.publish()


@pytest.fixture
def rival(config, tmp_path):
    """The same configuration with a store of its own, filled in another folder."""
    other = replace(config, store_url=f"sqlite:///{tmp_path}/rival.db")
    filled(replace(other, output=tmp_path / "elsewhere"))
    return other


def test_two_stores_do_not_publish_into_one_folder(config, rival):
    filled(config)
    with opened(rival) as app, pytest.raises(StoreError, match="is filled from another store"), app.publishing():
        pass


def test_a_store_without_an_article_does_not_publish_into_anothers_folder(config, desk, tmp_path):
    """It knows its sources, so it is not new."""
    other = replace(config, store_url=f"sqlite:///{tmp_path}/rival.db")
    with opened(other) as app:
        app.register()
    filled(config)
    with opened(other) as app, pytest.raises(StoreError, match="is filled from another store"), app.publishing():
        pass


def test_a_folder_that_became_anothers_while_it_published_is_left(config, rival):
    filled(config)
    with opened(config) as app, app.publishing():
        app.output.mark("another")
        with pytest.raises(StoreError, match="is filled from another store"):
            app.publish(regenerate=True)


def test_what_was_refused_lost_no_lock(config, rival, monkeypatch):
    """Asked after it was given back, the lock of a closed connection is a lost one."""

    def lost():
        raise StoreError("lost")

    filled(config)
    monkeypatch.setattr(Store, "lock", lambda *_: contextlib.nullcontext(lost))
    with opened(rival) as app:
        with pytest.raises(StoreError, match="is filled from another store"), app.publishing():
            pass
        assert app.check_held() is None


def test_a_folder_whose_mark_was_removed_is_taken_over(config, rival):
    filled(config)
    (config.output / ".copydesk").unlink()
    filled(rival)
    with opened(config) as app, pytest.raises(StoreError, match="is filled from another store"):
        app.check_output()


def test_an_emptied_folder_is_anyones(config, rival, tmp_path):
    """As `rm -r public/*` leaves it: the mark is still there."""
    filled(config)
    mark = (config.output / ".copydesk").read_bytes()
    shutil.rmtree(config.output)
    config.output.mkdir()
    (config.output / ".copydesk").write_bytes(mark)
    filled(rival)
    assert (config.output / ".copydesk").read_bytes() != mark


@pytest.mark.parametrize("known", [True, False], ids=["of this release", "of an older one"])
def test_a_restored_backup_and_a_moved_folder_go_on(config, tmp_path, known):
    """Of a store that an older release made the backup may be older than the mark."""
    filled(config)
    file = store_file(config.store_url)
    if not known:
        shutil.rmtree(config.output)
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("DELETE FROM meta WHERE key = 'identity'")
    with opened(config) as app:
        backup(app.store, tmp_path / "backup.sqlite")
        with app.publishing():
            app.publish(regenerate=True)
    moved = replace(config, store_url=f"sqlite:///{tmp_path}/moved.db", output=tmp_path / "moved")
    config.output.rename(moved.output)
    restore(tmp_path / "backup.sqlite", moved.store_url, "test")
    with opened(moved) as app, app.publishing():
        assert app.publish(regenerate=True).written == ()
