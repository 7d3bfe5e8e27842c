"""The daemon: ticks over an app, and a good end."""

import contextlib
import os
import signal
import sqlite3
import time
from datetime import timedelta

import pytest

from feeds.app import App, opened
from feeds.config import load
from feeds.daemon import Daemon, Pace
from feeds.errors import PublishError, StoreError
from feeds.publish.files import Output
from tests.cli.calling import call, finish, start
from tests.end_to_end.conftest import desk, stand
from tests.end_to_end.stand import item, ok, rss

__all__ = ["desk", "stand"]

SOON = 10  # seconds, at most
PACE = Pace(poll=0.05, publish=0.05)


@pytest.fixture
def post(stand, desk):
    desk.host = stand({"/feed": ok(rss(item(1)))})
    desk.urls = {"post": {"url": f"{desk.host.base}/feed", "interval": "7m"}}
    desk.configure(desk.urls, deadline="30s")
    return desk


@pytest.fixture
def ticking(post, caplog):
    """A daemon in this process that ticks twenty times a second."""
    caplog.set_level("INFO", "feeds.daemon")
    with opened(load(post.config_file, os.environ)) as app:
        app.register()
        daemon = Daemon(app, os.environ, PACE)
        scheduler = daemon.start()
        yield daemon
        daemon.stop(scheduler)


def until(happened):
    """Waits for it; a test that waits too long fails."""
    end = time.monotonic() + SOON
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def fail(sentence, error=StoreError):
    """In the place of a method, one that raises."""

    def method(self):
        raise error(sentence)

    return method


def titles(desk):
    return desk.titles() if (desk.public / "news" / "atom.xml").exists() else set()


def make_due(desk):
    """As if the source's interval had passed; a poll that is under way is first waited for: it sets the next."""

    def idle():
        with contextlib.closing(sqlite3.connect(desk.folder / "copydesk.db", timeout=10)) as connection, connection:
            connection.execute("UPDATE host SET free_at = 0")
            return connection.execute("UPDATE source SET next_poll = 0 WHERE lease_until IS NULL").rowcount

    until(idle)


def test_it_polls_and_publishes(ticking, post):
    until(lambda: titles(post) == {"Story 1"})


def test_a_source_is_asked_at_its_own_interval(ticking, post):
    until(lambda: titles(post))
    time.sleep(0.3)
    with ticking.app.store.reading() as shelf:
        (record,) = shelf.sources()
    waits = record.state.next_poll - record.state.last_poll
    assert (len(post.host.asked), abs(waits - timedelta(minutes=7)) < timedelta(seconds=40)) == (1, True)


def test_what_comes_later_is_published_later(ticking, post):
    until(lambda: titles(post))
    post.host.answers["/feed"] = ok(rss(item(2) + item(1)))
    make_due(post)
    until(lambda: titles(post) == {"Story 1", "Story 2"})


def test_a_changed_configuration_is_taken(ticking, post, caplog):
    until(lambda: titles(post))
    post.host.answers["/other"] = ok(rss(item(9)))
    post.configure(post.urls | {"new": {"url": f"{post.host.base}/other"}})
    until(lambda: titles(post) == {"Story 1", "Story 9"})
    assert "took the new configuration: 1 sources added, 0 stopped" in caplog.text


def test_what_is_added_is_taken(ticking, post):
    until(lambda: titles(post))
    post.host.answers["/added"] = ok(rss(item(7), "Added"))
    added = call("add", "-c", post.config_file, f"{post.host.base}/added", "--section", "news")
    until(lambda: titles(post) == {"Story 1", "Story 7"})
    assert added.code == 0


def test_a_list_that_is_imported_is_taken(ticking, post, monkeypatch):
    monkeypatch.setattr("feeds.config.subscribe.is_local", lambda url: False)  # the loopback is all that tests have
    until(lambda: titles(post))
    post.host.answers["/listed"] = ok(rss(item(8)))
    (post.folder / "mine.opml").write_text(
        f'<opml><body><outline text="News"><outline text="L" xmlUrl="{post.host.base}/listed"/></outline></body></opml>'
    )
    imported = call("import", "-c", post.config_file, post.folder / "mine.opml")
    until(lambda: titles(post) == {"Story 1", "Story 8"})
    assert imported.code == 0


def test_a_wrong_configuration_is_told_of_once_and_the_old_one_stays(ticking, post, caplog):
    until(lambda: titles(post))
    post.config_file.write_text("[poling]\n")
    until(lambda: "the old one stays in force" in caplog.text)
    post.host.answers["/feed"] = ok(rss(item(2)))
    make_due(post)
    until(lambda: "Story 2" in titles(post))
    assert caplog.text.count("the old one stays in force") == 1


def test_a_configuration_with_another_store_is_not_taken(ticking, post, caplog):
    until(lambda: titles(post))
    post.config_file.write_text(post.config_file.read_text().replace("copydesk.db", "other.db"))
    until(lambda: "restart the daemon" in caplog.text)
    assert not (post.folder / "other.db").exists()


def test_a_configuration_that_could_not_be_stored_is_tried_again(ticking, post, caplog, monkeypatch):
    until(lambda: titles(post))
    real, failures = App.take, []

    def take(app, config):
        failures.append(config)
        if len(failures) == 1:
            raise StoreError("the store is busy")
        return real(app, config)

    monkeypatch.setattr(App, "take", take)
    post.configure(post.urls, interval="9m")
    until(lambda: "took the new configuration" in caplog.text)
    assert caplog.text.count("the store is busy") == 1


@pytest.mark.parametrize("error", [StoreError("the store is busy"), ZeroDivisionError("ours")], ids=["world", "fault"])
def test_a_tick_that_fails_is_logged_and_the_next_one_works(ticking, post, caplog, monkeypatch, error):
    until(lambda: titles(post))
    real, failures = App.publish, []

    def publish(app, *arguments, **details):
        failures.append(1)
        if len(failures) == 1:
            raise error
        return real(app, *arguments, **details)

    monkeypatch.setattr(App, "publish", publish)
    post.host.answers["/feed"] = ok(rss(item(2)))
    make_due(post)
    until(lambda: "Story 2" in titles(post))
    assert (caplog.text.count(str(error)) >= 1, "Traceback" in caplog.text) == (
        True,
        isinstance(error, ArithmeticError),
    )


def test_a_failing_source_is_told_of_once_and_when_it_is_well_again(ticking, post, caplog):
    post.host.answers["/feed"] = ok(b"", status="404 Not Found")
    make_due(post)
    until(lambda: "post: the server answered 404" in caplog.text)
    for _ in range(2):
        asked = len(post.host.asked)
        make_due(post)
        until(lambda asked=asked: len(post.host.asked) > asked)
    post.host.answers["/feed"] = ok(rss(item(2)))
    make_due(post)
    until(lambda: "post: well again" in caplog.text)
    assert caplog.text.count("the server answered 404") == 1


def test_a_store_that_refuses_is_told_of_once_and_when_it_is_well_again(ticking, post, caplog, monkeypatch):
    until(lambda: titles(post))
    real, failures = App.poll, []

    def poll(app, *names):
        failures.append(1)
        if len(failures) < 4:
            raise StoreError("the database refused: it has gone")
        return real(app, *names)

    monkeypatch.setattr(App, "poll", poll)
    until(lambda: "polling: well again" in caplog.text)
    assert caplog.text.count("polling: the database refused: it has gone") == 1


def test_a_section_that_cannot_be_written_is_told_of_once(ticking, post, caplog):
    until(lambda: "published news" in caplog.text)
    folder = post.public / "news"
    folder.rename(post.folder / "aside")
    folder.write_text("a file")
    post.host.answers["/feed"] = ok(rss(item(2)))
    make_due(post)
    until(lambda: "publishing news: " in caplog.text)
    time.sleep(0.3)
    folder.unlink()
    until(lambda: "publishing news: well again" in caplog.text)
    assert (caplog.text.count("cannot be written"), titles(post)) == (1, {"Story 1", "Story 2"})


def test_upkeep_forgets_old_polls(ticking, post):
    until(lambda: titles(post))
    old = "INSERT INTO poll (source_id, at, outcome, data) SELECT source_id, 0, outcome, data FROM poll LIMIT 1"
    with contextlib.closing(sqlite3.connect(post.folder / "copydesk.db", timeout=10)) as connection:
        connection.execute(f"{old.replace('poll (', 'poll (id, ').replace('SELECT ', 'SELECT -1, ')}")
        connection.commit()
        ticking.upkeep()
        assert connection.execute("SELECT count(*) FROM poll WHERE at = 0").fetchone() == (0,)


# ---------------------------------------------------------------- beside others


def test_a_second_one_polls_and_publishes_when_the_first_has_ended(post, caplog):
    caplog.set_level("INFO", "feeds.daemon")
    config = load(post.config_file, os.environ)
    with opened(config) as app, opened(config) as beside:
        app.register()
        one, other = Daemon(app, os.environ, PACE), Daemon(beside, os.environ, PACE)
        first = one.start()
        until(lambda: titles(post))
        second = other.start()
        until(lambda: "another copydesk publishes there" in caplog.text)
        one.stop(first)
        until(lambda: "from now on" in caplog.text)
        post.host.answers["/feed"] = ok(rss(item(2)))
        make_due(post)
        until(lambda: "Story 2" in titles(post))
        other.stop(second)
    assert caplog.text.count("another copydesk publishes there") == 1


def test_a_poll_that_publishes_as_it_starts_does_not_end_it(post, caplog):
    """It polls meanwhile, says so once, and publishes as soon as the other has ended."""
    caplog.set_level("INFO", "feeds.daemon")
    config = load(post.config_file, os.environ)
    with opened(config) as app, opened(config) as cron:
        app.register()
        with cron.publishing():
            one = Daemon(app, os.environ, PACE)
            scheduler = one.start()
            until(lambda: app.stale())
            time.sleep(0.2)
            meanwhile = titles(post)
        until(lambda: titles(post))
        one.stop(scheduler)
        with cron.publishing():
            pass
    assert (meanwhile, caplog.text.count("another copydesk publishes there")) == (set(), 1)


def test_while_it_waits_after_a_lost_lock_it_is_not_well_again(post, caplog, monkeypatch):
    """The server may hold the lock of a connection that broke for a while."""
    caplog.set_level("INFO", "feeds.daemon")
    with opened(load(post.config_file, os.environ)) as app, opened(load(post.config_file, os.environ)) as server:
        app.register()
        one = Daemon(app, os.environ)
        with server.publishing(), monkeypatch.context() as broken:
            broken.setattr(App, "check_held", fail("the connection broke"))
            one.publish()
        waiting = caplog.text
        one.publish()
        one.stop(one.start())
    assert ("well again" in waiting, "publishing: well again" in caplog.text) == (False, True)


def test_what_cannot_be_tidied_is_told_of_once(post, caplog, monkeypatch):
    with opened(load(post.config_file, os.environ)) as app:
        app.register()
        one = Daemon(app, os.environ)
        with monkeypatch.context() as broken:
            broken.setattr(Output, "tidy", fail("no", PublishError))
            one.publish()
            one.publish()
        one.stop(one.start())
    assert caplog.text.count("publishing: no") == 1


def test_what_a_crash_left_is_tidied_when_it_may_write(post):
    post.public.mkdir()
    (post.public / ".tmp-1-index.html").write_text("half")
    with opened(load(post.config_file, os.environ)) as app:
        app.register()
        one = Daemon(app, os.environ)
        one.publish()
        one.stop(one.start())
    assert not (post.public / ".tmp-1-index.html").exists()


# ---------------------------------------------------------------- as a process


@pytest.fixture
def daemon(post):
    """The command, in a process of its own."""
    started = []

    def run():
        started.append(start("daemon", "-c", post.config_file))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well_with_all_published(daemon, post, number):
    process = daemon()
    until(lambda: post.host.asked)
    time.sleep(0.2)
    process.send_signal(number)
    ended = finish(process, SOON)
    assert (ended.code, titles(post), ended.err.splitlines()[-1].endswith("ended")) == (0, {"Story 1"}, True)


def test_a_source_that_hangs_does_not_hold_up_the_end(daemon, post):
    """What another one brought is stored and published, and the slow one is due again at once."""
    post.host.answers["/slow"] = lambda conn: time.sleep(20)
    post.configure(post.urls | {"slow": {"url": f"{post.host.base}/slow"}}, deadline="60s", per_host=2)
    process = daemon()
    until(lambda: {"/slow", "/feed"} <= set(post.host.asked))
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    ended = finish(process, SOON)
    took = time.monotonic() - began
    post.host.answers["/slow"] = ok(rss(item(5)))
    again = call("poll", "-c", post.config_file)
    assert (ended.code, took < 2, "1 item: 1 new" in again.out, titles(post)) == (
        0,
        True,
        True,
        {"Story 1", "Story 5"},
    )


def test_a_poll_beside_it_leaves_publishing_to_it(daemon, post):
    process = daemon()
    until(lambda: post.host.asked)
    time.sleep(0.2)
    make_due(post)
    post.host.answers["/feed"] = ok(rss(item(2)))
    called = call("poll", "post", "-c", post.config_file)
    process.send_signal(signal.SIGTERM)
    ended = finish(process, SOON)
    assert (called.code, "is left to" in called.out, ended.code, "Story 2" in titles(post)) == (0, True, 0, True)


def test_no_secret_is_in_its_log(daemon, post, monkeypatch):
    monkeypatch.setenv("KEY", "s3cr3t-key")
    post.configure({"post": {"url": "http://127.0.0.1:9/s3cr3t-key?k=${KEY}"}})
    process, said = daemon(), ""
    while "post: " not in said:
        said += process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    ended = finish(process, SOON)
    assert (ended.code, "s3cr3t" in said + ended.err) == (0, False)


def test_no_secret_of_a_configuration_taken_later_is_in_its_log(daemon, post):
    (post.folder / "key").write_text("s3cr3t-key")
    process = daemon()
    until(lambda: post.host.asked)
    post.configure(post.urls | {"next": {"url": "http://s3cr3t-key.invalid/", 'headers."X-Key_file"': "key"}})
    said = ""
    while "next: " not in said and "stays in force" not in said:
        said += process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    ended = finish(process, SOON)
    assert (ended.code, "***" in said, "s3cr3t" in said + ended.err) == (0, True, False)
