"""kill -9 in the middle: nothing lost, nothing twice, every file whole."""

import contextlib
import json
import time

import pytest
from lxml import etree
from sqlalchemy import create_engine, inspect, text

from tests.cli.calling import call, start
from tests.databases import postgresql_engine, postgresql_server, url
from tests.dedupe.events import FIRST_REPORT, WIRE
from tests.end_to_end.stand import item, ok, rss
from tests.pipeline.printing import snapshot

__all__ = ["postgresql_engine", "postgresql_server", "url"]

SOURCES, ITEMS = 25, 6
MOMENTS = (0.45, 0.55, 0.65, 0.75, 0.9, 1.1)  # seconds after the start: before, while and after it polls and writes


@pytest.fixture
def many(stand, desk, url):
    """Sources that print an agency's text under their own headlines, a report of their own on it, and other news."""
    wire = (lambda n: item(n * 100, description=WIRE), lambda n: item(n * 100 + 1, description=_report(n)))
    others = [lambda n, i=i: item(n * 100 + i) for i in range(2, ITEMS)]
    feeds = {f"/{n}": ok(rss("".join(make(n) for make in (*wire, *others)))) for n in range(SOURCES)}
    desk.host = stand(feeds)
    desk.store_url = url
    urls = {f"post-{n}": {"url": f"{desk.host.base}/{n}", "content": "full"} for n in range(SOURCES)}
    desk.configure(urls, per_host=16)
    return desk


def _report(n):
    """One of the event by that source, in words of its own."""
    return f"Reporter {n} stood on the quay. {' '.join(FIRST_REPORT.split()[n:])}"


def time_passes(desk):
    """The leases of the dead run out, and everything is due; one who died early left a file without tables."""
    engine = create_engine(desk.store_url)
    with engine.begin() as connection:
        if inspect(connection).has_table("source"):
            connection.execute(text("UPDATE source SET lease_until = NULL, next_poll = 0"))
            connection.execute(text("UPDATE host SET lease_until = NULL, holder = NULL, free_at = 0"))
    engine.dispose()


def broken(desk):
    """Files that are not whole."""
    found = []
    for path, data in snapshot(desk.public).items():
        with contextlib.suppress(ValueError, etree.XMLSyntaxError):
            if path.endswith(".json"):
                json.loads(data)
            elif path.endswith(".xml"):
                etree.fromstring(data)
            elif path.endswith(".html") and not data.rstrip().endswith(b"</html>"):
                raise ValueError
            continue
        found.append(path)
    return [path for path in found if ".tmp-" not in path]


def test_killed_again_and_again(many):
    torn, ids = [], {}
    for moment in MOMENTS:
        process = start("poll", "-c", many.config_file)
        time.sleep(moment)
        process.kill()
        process.communicate()
        torn += broken(many) if many.public.exists() else []
        time_passes(many)
        if (many.public / "news" / "feed.json").exists():
            ids |= {entry["title"]: (entry["id"], entry["published"]) for entry in many.entries()}
    called = call("poll", "-c", many.config_file)
    entries = {entry["title"]: (entry["id"], entry["published"]) for entry in many.entries()}
    assert (called.code, torn, many.articles(), len(entries)) == (0, [], SOURCES * ITEMS, SOURCES * (ITEMS - 2) + 2)
    assert {title: entries[title] for title in ids} == ids


def test_after_a_kill_the_files_are_those_that_the_store_gives(many, tmp_path):
    process = start("poll", "-c", many.config_file)
    while not (many.public / "news").exists() and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    time_passes(many)
    call("poll", "-c", many.config_file)
    moved = tmp_path / "moved.toml"
    moved.write_text(many.config_file.read_text().replace('"public"', '"elsewhere"'))
    call("regenerate", "-c", moved)
    left = {path: data for path, data in snapshot(many.public).items() if ".tmp-" not in path}
    assert left == snapshot(tmp_path / "elsewhere")


def test_what_a_killed_poll_was_asking_is_asked_again_at_once(many):
    many.host.answers["/0"] = lambda conn: time.sleep(20)
    process = start("poll", "-c", many.config_file)
    while "/0" not in many.host.asked and process.poll() is None:
        time.sleep(0.005)
    beside = call("poll", "-c", many.config_file, "post-0")
    asked = many.host.asked.count("/0")
    process.kill()
    process.communicate()
    many.host.answers["/0"] = ok(rss(item(1)))
    called = call("poll", "-c", many.config_file)
    assert ("not asked" in beside.out, asked) == (True, 1)
    assert (called.code, "a poll was killed (process" in called.err, many.host.asked.count("/0")) == (0, True, 2)
