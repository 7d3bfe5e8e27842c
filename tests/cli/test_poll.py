"""One poll from the command line: what it says, and how it ends."""

import contextlib
import os
import pty
import re
import signal
import socket
import sqlite3
import time

import pytest

from feeds.app import App, clock, opened
from feeds.cli.run import run_publish
from feeds.config import load
from feeds.schedule import NEVER
from feeds.store.codec import micros
from tests.cli.calling import call, finish, start
from tests.end_to_end.stand import item, ok, rss


def test_the_first_poll_brings_all_and_publishes(paper):
    called = paper.call("poll")
    assert (called.code, called.err, len(paper.entries()), "3 items: 3 new" in called.out) == (0, "", 3, True)


def test_nothing_is_due_so_soon(paper):
    paper.call("poll")
    called = paper.call("poll")
    assert (called.code, called.out.count("\n"), len(paper.host.asked)) == (0, 2, 1)
    assert re.match(r"No source is due; the next one is at \d{4}-\d\d-\d\d \d\d:\d\d UTC", called.out)


def test_a_source_that_another_is_asking_is_told_of(paper):
    config = load(paper.config_file, os.environ)
    with opened(config) as app:
        app.register()
        assert app.store.claim({s.name: s for s in config.sources}, clock(), limit=9)
    called = paper.call("poll")
    assert (called.code, len(paper.host.asked)) == (0, 0)
    assert called.out.startswith("1 source due, but not asked now: another copydesk is asking there")


def test_when_all_sources_are_gone_for_good_it_says_so(paper):
    paper.call("poll")
    with contextlib.closing(sqlite3.connect(paper.folder / "copydesk.db")) as connection:
        connection.execute("UPDATE source SET next_poll = ?", [micros(NEVER)])
        connection.commit()
    assert "all are gone for good (410)" in paper.call("poll").out


def test_a_named_source_is_asked_though_it_is_not_due(paper):
    paper.call("poll")
    called = paper.call("poll", "post")
    assert (called.code, "same bytes" in called.out, len(paper.host.asked)) == (0, True, 2)


def test_a_named_source_that_asked_us_to_wait_is_told_of(paper):
    paper.host.answers["/feed"] = ok(b"", "Retry-After: 3600", status="503 Busy")
    paper.call("poll")
    called = paper.call("poll", "post")
    assert (called.code, "not asked" in called.out, len(paper.host.asked)) == (0, True, 1)


def test_as_json(paper):
    told = paper.call("poll", "--json").json
    (poll,) = told["polls"]
    assert (poll["source"], poll["outcome"], poll["new"], told["publishing_left_to"]) == ("post", "fresh", 3, None)
    assert "news/atom.xml" in told["published"]["written"]


def test_one_failing_source_of_two_is_no_failure(papers):
    called = papers.call("poll")
    assert (called.code, "herald  FAILED, http error: the server answered 404" in called.out) == (0, True)


def test_one_failing_source_is_a_failure_when_strict(papers):
    assert papers.call("poll", "--strict").code == 1


def test_all_sources_failing_is_a_failure(papers):
    papers.host.answers["/feed"] = ok(b"<html><p>no</p></html>")
    assert papers.call("poll").code == 1


def test_without_a_network_it_says_so_in_one_sentence_and_names_the_demo(desk):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    desk.configure({name: {"url": f"http://127.0.0.1:{port}/{name}"} for name in ("a", "b", "c")})
    called = call("poll", "-c", desk.config_file)
    said = [line for line in called.out.splitlines() if "make demo" in line]
    assert (called.code, len(said), "FAILED" in called.out) == (1, 1, False)


# ---------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["pots"], 2, "copydesk: no source is named pots; did you mean post?\n"),
        (["x"], 2, "copydesk: no source is named x\n"),
        (["--strickt"], 2, "copydesk: No such option '--strickt'. Did you mean '--strict'? (copydesk poll --help)\n"),
    ],
)
def test_a_wrong_command_line_is_told_of_in_one_sentence(paper, arguments, code, sentence):
    called = paper.call("poll", *arguments)
    assert (called.code, called.err, called.out, paper.host.asked) == (code, sentence, "", [])


def test_a_disabled_source_cannot_be_named(paper):
    paper.configure({"post": {"url": f"{paper.host.base}/feed", "disabled": True}})
    called = paper.call("poll", "post")
    assert (called.code, "post is disabled in" in called.err, paper.host.asked) == (2, True, [])


def test_a_configuration_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPYDESK_CONFIG", raising=False)
    called = call("poll")
    assert (called.code, called.err) == (
        2,
        "copydesk: config/copydesk.toml or copydesk.toml: no configuration there; `copydesk init` writes a first one\n",
    )


def test_a_wrong_configuration_does_nothing(paper):
    paper.config_file.write_text(paper.config_file.read_text() + "\n[poling]\n")
    called = paper.call("poll")
    assert (called.code, "poling" in called.err, "polling" in called.err, paper.host.asked) == (2, True, True, [])


def test_a_file_that_is_no_store_is_left_alone(paper):
    (paper.folder / "copydesk.db").write_text("a diary, not a database")
    called = paper.call("poll")
    assert (called.code, called.err.count("\n"), (paper.folder / "copydesk.db").read_text()) == (
        3,
        1,
        "a diary, not a database",
    )


def test_an_output_that_cannot_be_written(paper):
    paper.public.write_text("a file")
    called = paper.call("poll")
    assert (called.code, "cannot be written" in called.err, paper.articles()) == (3, True, 3)


@pytest.mark.parametrize("left", [None, b""], ids=["missing", "empty"])
def test_a_lost_store_beside_a_filled_output(paper, left):
    paper.call("poll")
    before = paper.entries()
    for file in paper.folder.glob("copydesk.db*"):
        file.unlink()
    if left is not None:
        (paper.folder / "copydesk.db").write_bytes(left)
    called = paper.call("poll")
    assert (called.code, "restore a backup" in called.err, paper.entries()) == (3, True, before)


def test_a_secret_is_in_no_output(desk, monkeypatch):
    monkeypatch.setenv("KEY", "s3cr3t-key")
    desk.configure({"post": {"url": "http://127.0.0.1:9/s3cr3t-key?k=${KEY}"}, "b": {"url": "http://127.0.0.1:9/b"}})
    told = [call(*c, "-c", desk.config_file) for c in (["poll", "post"], ["poll", "--json"], ["status"], ["check"])]
    assert [("s3cr3t" in t.out, "s3cr3t" in t.err) for t in told] == [(False, False)] * 4


# ---------------------------------------------------------------- beside others


def test_beside_a_daemon_it_polls_and_leaves_publishing_to_it(paper):
    with opened(load(paper.config_file, os.environ)) as app, app.publishing():
        called = paper.call("poll")
    assert (called.code, "Publishing is left to" in called.out, paper.articles(), paper.public.exists()) == (
        0,
        True,
        3,
        False,
    )


def test_beside_a_daemon_as_json(paper):
    with opened(load(paper.config_file, os.environ)) as app, app.publishing():
        told = paper.call("poll", "--json").json
    assert (told["published"], told["publishing_left_to"]) == (None, "another copydesk")


def test_what_others_bring_while_we_publish_is_published_by_us(paper, monkeypatch):
    """Another poll settles after our round has begun, finds the lock held and ends."""
    real = App.publish
    others = []

    def publish(app, *arguments, **details):
        done = real(app, *arguments, **details)
        if not others:
            paper.host.answers["/feed"] = ok(rss(item(4)))
            others.append(paper.call("poll", "post"))
        return done

    monkeypatch.setattr(App, "publish", publish)
    with opened(load(paper.config_file, os.environ)) as app:
        app.register()
        list(app.poll())
        run_publish(app)
    assert ("is left to" in others[0].out, "Story 4" in paper.titles()) == (True, True)


# ---------------------------------------------------------------- interrupted, watched


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_poll_keeps_what_it_read_and_gives_the_rest_back(paper, number):
    paper.host.answers["/slow"] = lambda conn: time.sleep(8)
    paper.configure({n: {"url": f"{paper.host.base}/{n}"} for n in ("feed", "slow")}, deadline="8s", per_host=2)
    process = start("poll", "-c", paper.config_file)
    while "/slow" not in paper.host.asked or "/feed" not in paper.host.asked:
        time.sleep(0.01)
    time.sleep(1.5)  # for what was answered to be read, on a busy machine too
    began = time.monotonic()
    process.send_signal(number)
    called = finish(process)
    assert (called.code, called.err.strip(), time.monotonic() - began < 3) == (
        130,
        "copydesk: interrupted; what was read until then is stored",
        True,
    )
    paper.host.answers["/slow"] = ok(rss(item(9)))
    assert (paper.articles(), "1 item: 1 new" in paper.call("poll").out) == (3, True)


def test_progress_is_drawn_on_a_terminal_only(paper):
    controller, terminal = pty.openpty()
    finish(start("poll", "-c", paper.config_file, stderr=terminal))
    os.close(terminal)
    drawn = b""
    with contextlib.suppress(OSError):  # how a terminal says that nobody holds the other end
        while chunk := os.read(controller, 65536):
            drawn += chunk
    os.close(controller)
    assert (b"polling" in drawn, finish(start("poll", "post", "-c", paper.config_file)).err) == (True, "")


def test_it_forgets_what_is_old_once_a_day(paper):
    """With cron nobody else would."""
    paper.call("poll")
    with contextlib.closing(sqlite3.connect(paper.folder / "copydesk.db")) as connection:
        connection.execute(
            "INSERT INTO poll (id, source_id, at, outcome, data) SELECT -1, source_id, 0, outcome, data FROM poll"
        )
        connection.commit()
        left = []
        for hours in (23, 25):
            set_back = f"UPDATE meta SET value = {int((time.time() - hours * 3600) * 1e6)} WHERE key = 'upkeep'"
            connection.execute(set_back)
            connection.commit()
            paper.call("poll")
            left.append(connection.execute("SELECT count(*) FROM poll WHERE at = 0").fetchone()[0])
    assert left == [1, 0]


def test_an_edit_that_says_what_another_says_is_counted(paper, stand):
    text = (
        "The harbour of Karsa reopened on Thursday after eleven days of storms, and the first ferry left at dawn with "
    )
    text += "forty passengers, two cows and a piano that nobody had come to claim."
    other = stand({"/feed": ok(rss(item(7, "Harbour open", description=text), "The Herald"))})
    paper.configure({"post": {"url": f"{paper.host.base}/feed"}, "herald": {"url": f"{other.base}/feed"}})
    paper.call("poll")
    paper.host.answers["/feed"] = ok(rss(item(1, "Ferry leaves", description=text), "The Post"))
    lines = [line.strip() for line in paper.call("poll", "post").out.splitlines()]
    assert lines[:2] == [
        "post  1 item: nothing new, 1 changed, 1 entry went into another's",
        "Polled 1 source (1 fresh): no new articles, 1 changed, 1 entry went into another's.",
    ]
    assert "1 entry went into another's" in paper.call("status", "post").out
