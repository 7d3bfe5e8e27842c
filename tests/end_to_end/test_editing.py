"""Editors' decisions beside a running daemon: soon in the files, nothing lost, no dead link."""

import signal
import time
from xml.etree import ElementTree

import pytest

from tests.cli.calling import call, finish, start
from tests.end_to_end.stand import ATOM, item, ok, rss
from tests.newsroom import LONG, OTHER

BOUND = 60  # seconds, from the command to the files


@pytest.fixture
def running(stand, desk):
    """Two sources, three articles, and a daemon in a process of its own."""
    post = stand({"/feed": ok(rss(item(1, "Ferry leaves", description=LONG), "The Post"))})
    herald = stand({"/feed": ok(rss(item(7, "Harbour open", description=LONG) + item(8, "Bells", description=OTHER)))})
    urls = {"post": {"url": f"{post.base}/feed"}, "herald": {"url": f"{herald.base}/feed"}}
    desk.configure(urls)
    for name in urls:
        desk.poll(name)
    process = start("daemon", "-c", desk.config_file)
    until(lambda: (desk.public / "news" / "atom.xml").exists() and process.poll() is None)
    yield desk
    process.send_signal(signal.SIGTERM)
    finish(process, 30)


def until(happened, seconds=BOUND):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def ids(desk):
    return {e["title"]: e["id"] for e in desk.entries()}


def edit(desk, *arguments):
    """A decision, made while another process publishes; it is waited for until the lock is the daemon's."""
    called = call(arguments[0], "-c", desk.config_file, *arguments[1:], "--json")
    assert (called.code, called.err) == (0, "")
    return called.json


def test_a_split_is_soon_in_the_files(running):
    edit(running, "split", ids(running)["Ferry leaves"], "herald")
    until(lambda: running.titles() == {"Ferry leaves", "Harbour open", "Bells"})


def test_a_join_is_soon_in_the_files_and_its_page_leads_on(running):
    before = ids(running)
    edit(running, "join", before["Ferry leaves"], before["Bells"])
    name = before["Bells"].removeprefix("urn:uuid:")
    page = running.public / "article" / name[:2] / f"{name}.html"
    until(lambda: running.titles() == {"Ferry leaves"} and 'class="notice"' in page.read_text())
    assert ids(running) == {"Ferry leaves": before["Ferry leaves"]}


def test_there_and_back_no_id_has_changed_and_every_link_leads_somewhere(running):
    before = ids(running)
    edit(running, "join", before["Ferry leaves"], before["Bells"])
    edit(running, "split", before["Ferry leaves"], before["Bells"])
    until(lambda: ids(running) == before)
    assert dead_links(running.public) == []


def dead_links(public):
    """The links of feeds to pages of ours that are not there."""
    found = []
    for feed in public.glob("*/atom.xml"):
        for link in ElementTree.parse(feed).iter(f"{ATOM}link"):
            path = link.get("href", "").partition("https://desk.example/")[2]
            if path.startswith("article/") and not (public / path).exists():
                found.append(path)
    return found
