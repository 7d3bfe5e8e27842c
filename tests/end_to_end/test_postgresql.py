"""The whole job on a real PostgreSQL, with wire copy and stories: poll and daemon, and the same of it as on SQLite."""

import json
import os
import signal
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from feeds.app import opened
from feeds.config import load
from feeds.errors import StoreError
from feeds.model import Outcome
from feeds.store import open_store
from feeds.store.stories import story_of
from tests.cli.calling import call, finish, start
from tests.databases import end_sessions_with_locks, postgresql_engine, postgresql_server, url
from tests.dedupe.events import FIRST_REPORT, OTHERS, SECOND_REPORT, SUMMARY, WIRE
from tests.end_to_end.stand import item, ok, rss

__all__ = ["postgresql_engine", "postgresql_server", "url"]

POST = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
TOLD = (  # by source: what it prints of the event, and what else
    (("Ministers reopen ferry line", f"KARSA, Jan. 8 (Xinhua) -- {WIRE}"), OTHERS[0]),
    (("Herring quarrel is over", WIRE), OTHERS[1]),
    (("Ferries to cross in May", f"KARSA (Xinhua) - {WIRE}"), OTHERS[2]),
    (("Ferry deal signed", SUMMARY), OTHERS[3]),
    (("Ships will cross the Strait of Tell again", FIRST_REPORT), ("Watch live", "")),
    (("Strand has his ferry", SECOND_REPORT), ("Watch live: regatta", "")),
)
SOON = 20  # seconds, at most


@pytest.fixture
def six(stand, desk, url):
    """Six sources that tell of one event, on one host."""
    desk.host = stand({f"/{n}": ok(document(n, told)) for n, told in enumerate(TOLD)})
    desk.store_url = url
    desk.configure({f"post-{n}": {"url": f"{desk.host.base}/{n}"} for n in range(len(TOLD))}, per_host=1, workers=1)
    return desk


def document(n, told):
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    told = [item(100 * n + i, title, description=words, pubDate=now) for i, (title, words) in enumerate(told)]
    return rss("".join(told), f"Post {n}")


def stored(where):
    """(which titles stand together, the leads of each story with several)."""
    with closing(open_store(where, "test")) as store, store.reading() as shelf:
        entries = dict(shelf.entries(range(1, 100)))
        together = sorted(sorted(c.title for c in one.copies) for one in entries.values())
        stories = {tuple(story_of(shelf, n)[0]) for n in entries}
        return together, sorted(sorted(entries[n].lead.title for n in s) for s in stories if len(s) > 1)


def until(happened):
    end = time.monotonic() + SOON
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def shown(desk):
    """The titles of the published section; none yet."""
    there = desk.public / "news" / "feed.json"
    return {one["title"] for one in json.loads(there.read_bytes())["items"]} if there.exists() else set()


@POST
def test_a_cold_poll_gives_what_it_gives_on_sqlite(six, tmp_path):
    polled = call("poll", "-c", six.config_file, "--json").json
    there = stored(six.store_url)
    published = shown(six)
    six.store_url = f"sqlite:///{tmp_path}/other.db"
    six.configure({f"post-{n}": {"url": f"{six.host.base}/{n}"} for n in range(len(TOLD))}, per_host=1, workers=1)
    moved = six.config_file.read_text().replace('"public"', '"elsewhere"')
    six.config_file.write_text(moved)
    call("poll", "-c", six.config_file)
    here = stored(six.store_url)
    assert ({p["outcome"] for p in polled["polls"]}, there, len(there[0]), len(there[1][0]), len(published)) == (
        {Outcome.FRESH},
        here,
        9,
        3,
        9,
    )


@POST
def test_a_daemon_polls_publishes_and_ends(six):
    process = start("daemon", "-c", six.config_file)
    until(lambda: len(shown(six)) == 9)
    six.host.answers["/5"] = ok(
        document(5, (*TOLD[5], ("Snow on the pass", "Snow closed the pass of Ulm to lorries on Monday.")))
    )
    make_due(six)
    until(lambda: "Snow on the pass" in shown(six))
    process.send_signal(signal.SIGTERM)
    ended = finish(process)
    assert (ended.code, [len(one) for one in stored(six.store_url)[1]]) == (0, [3])


@POST
def test_a_daemon_that_is_killed_is_taken_over_from(six):
    process = start("daemon", "-c", six.config_file)
    until(lambda: six.host.asked)
    process.kill()
    process.communicate()
    make_due(six)
    process = start("daemon", "-c", six.config_file)
    until(lambda: len(shown(six)) == 9)
    process.send_signal(signal.SIGTERM)
    ended = finish(process)
    assert (ended.code, [len(one) for one in stored(six.store_url)[1]]) == (0, [3])


@POST
def test_a_lock_that_was_lost_ends_the_publishing_and_the_next_one_goes_on(six, postgresql_engine):
    with opened(load(six.config_file, os.environ)) as app:
        app.register()
        polled = list(app.poll())
        with app.publishing():
            end_sessions_with_locks(postgresql_engine)
            with pytest.raises(StoreError, match=r"public: the connection to the database broke"):
                app.publish()
        before = shown(six)
        with app.publishing():
            app.publish()
    assert (len(polled), before, len(shown(six))) == (6, set(), 9)


@POST
def test_a_daemon_whose_lock_was_lost_says_so_and_takes_it_again(six, postgresql_engine):
    process = start("daemon", "-c", six.config_file)
    until(lambda: len(shown(six)) == 9)
    end_sessions_with_locks(postgresql_engine)
    six.host.answers["/5"] = ok(document(5, (*TOLD[5], ("Snow on the pass", "Snow closed the pass of Ulm."))))
    make_due(six)
    until(lambda: "Snow on the pass" in shown(six))
    process.send_signal(signal.SIGTERM)
    ended = finish(process)
    assert (ended.code, ended.err.count("the connection to the database broke")) == (0, 1)


def make_due(desk):
    """As if intervals and leases had passed."""
    engine = create_engine(desk.store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE source SET next_poll = 0, lease_until = NULL, token = token + 1"))
        connection.execute(text("UPDATE host SET free_at = 0, lease_until = NULL, holder = NULL"))
    engine.dispose()
