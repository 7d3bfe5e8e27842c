"""kill -9 in the middle: nothing lost, nothing twice, every file whole."""

import contextlib
import json
import sqlite3
import time

import pytest
from lxml import etree

from tests.cli.calling import call, start
from tests.end_to_end.stand import item, ok, rss
from tests.pipeline.printing import snapshot

SOURCES, ITEMS = 25, 6
MOMENTS = (0.45, 0.55, 0.65, 0.75, 0.9, 1.1)  # seconds after the start: before, while and after it polls and writes


@pytest.fixture
def many(stand, desk):
    feeds = {f"/{n}": ok(rss("".join(item(n * 100 + i) for i in range(ITEMS)))) for n in range(SOURCES)}
    desk.host = stand(feeds)
    urls = {f"post-{n}": {"url": f"{desk.host.base}/{n}", "content": "full"} for n in range(SOURCES)}
    desk.configure(urls, per_host=16)
    return desk


def time_passes(desk):
    """The leases of the dead run out, and everything is due; one who died early left a file without tables."""
    with contextlib.closing(sqlite3.connect(desk.folder / "copydesk.db")) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'source'").fetchone():
            return
        connection.execute("UPDATE source SET lease_until = NULL, next_poll = 0")
        connection.execute("UPDATE host SET lease_until = NULL, holder = NULL, free_at = 0")
        connection.commit()


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
        if (many.folder / "copydesk.db").exists():
            torn += broken(many) if many.public.exists() else []
            time_passes(many)
        if (many.public / "news" / "feed.json").exists():
            ids |= {entry["title"]: (entry["id"], entry["published"]) for entry in many.entries()}
    called = call("poll", "-c", many.config_file)
    entries = {entry["title"]: (entry["id"], entry["published"]) for entry in many.entries()}
    assert (called.code, torn, many.articles(), len(entries)) == (0, [], SOURCES * ITEMS, SOURCES * ITEMS)
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
