"""Makes the small store that this release leaves to later ones, with the feeds it was made of.

    python -m tests.data.make_store

Writes `store-REVISION/` beside this file: the demo's feeds and one of odd items as they were served (`first/` before,
`feeds/` at the end), the store, and what it holds (`shown.json`). A release whose schema is new adds a folder; a folder
that was released is never made again.
"""

import gzip
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from lxml import etree
from sqlalchemy import select

from feeds.app import App, opened
from feeds.config import load
from feeds.demo.wires import WIRES, body
from feeds.model import Article, Entry
from feeds.store.schema import REVISION, entry
from tests.end_to_end.stand import ATOM, Stand, ok

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BASE = "https://newsroom.example"
CONFIG = """\
[site]
title = "An old desk"
base_url = "https://desk.example/"
output = "public"

[store]
url = "sqlite:///copydesk.db"

[polling]
spacing = "0s"

[sections.world]
title = "World"
match = { categories = ["World", "Dünya"] }

[sections.business]
title = "Business"
match = { categories = ["Business", "Ekonomi", "経済"] }

[sections.sport]
title = "Sport"
match = { categories = ["Sport", "Spor", "スポーツ"] }
"""
LISTS = {
    "meridian": "world",
    "orrery": "business",
    "touchline": "sport",
    "quay-exchange": "business",
    "odd": "world",
    "keyless": "world",
}

ODD = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{name}</title>
<link>https://odd.example/</link><description>Items of every bad habit</description>{items}</channel></rss>"""
ALWAYS = """
<item><title>Without a date</title>
<link>https://odd.example/undated</link><description>It says no when.</description></item>
<item><title>Without a link</title>
<guid isPermaLink="false">odd-2</guid><description>Only a guid.</description></item>
<item><title>From tomorrow</title>
<link>https://odd.example/future</link><pubDate>Wed, 04 Mar 2026 12:00:00 GMT</pubDate></item>
"""
# Nothing but all they say tells these apart.
KEYLESS = """
<item><title>One guid, first</title>
<guid isPermaLink="false">same</guid><description>The first of two.</description></item>
<item><title>One guid, second</title>
<guid isPermaLink="false">same</guid><description>The second of two.</description></item>
<item><title>Home</title>
<link>https://odd.example/</link><description>Its link is the front page.</description></item>
<item><title>Home again</title>
<link>https://odd.example/</link><description>And so is that of this one.</description></item>
<item><description>Neither title nor link nor guid nor date, only some words.</description></item>
"""
FIRST = """
<item><title>Five boats lost</title><link>https://odd.example/boats</link><guid>https://odd.example/boats</guid>
<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><description>Five boats were lost in the night.</description></item>
<item><title>Moved later</title><link>https://odd.example/old-place</link><guid isPermaLink="false">odd-moved</guid>
<pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate><description>Its link will change.</description></item>
<item><title>Gone later</title>
<link>https://odd.example/gone</link><description>It leaves the feed.</description></item>
"""
LATER = """
<item><title>Seven boats lost, owners say</title>
<link>https://odd.example/boats</link><guid>https://odd.example/boats</guid>
<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>
<description>Seven boats were lost in the night, not five.</description></item>
<item><title>Moved later</title><link>https://odd.example/new-place</link><guid isPermaLink="false">odd-moved</guid>
<pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate><description>Its link will change.</description></item>
<item><title>New at last</title>
<link>https://odd.example/new</link><description>It came with the second poll.</description></item>
"""


def main() -> None:
    folder = HERE / f"store-{REVISION}"
    if folder.exists() and "--force" not in sys.argv:
        sys.exit(f"{folder} is there; a store that was released is never made again (--force before a release)")
    shutil.rmtree(folder, ignore_errors=True)
    make(folder)
    print(f"{folder}: {(folder / 'store.sqlite.gz').stat().st_size} bytes")


def make(folder: Path) -> None:
    """Polls the feeds twice, four hours apart, publishes each time, and keeps what came of it."""
    write_feeds(folder)
    with TemporaryDirectory() as scratch:
        state = Path(scratch)
        for feeds, now in (("first", NOW - timedelta(hours=4)), ("feeds", NOW)):
            with served(folder / feeds) as base, desk(folder, state, base, now) as app:
                assert not [p for p in app.poll([s.name for s in app.config.sources]) if p.outcome.failed]
                publish(app)
                seen = shown(app)
        (folder / "shown.json").write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", "utf-8")
        with sqlite3.connect(state / "copydesk.db") as connection:
            connection.execute("UPDATE output SET folder = '/srv/old-desk/public'")  # a desk that has moved since
            connection.commit()
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("VACUUM")
        connection.close()
        (folder / "store.sqlite.gz").write_bytes(gzip.compress((state / "copydesk.db").read_bytes(), mtime=0))


def write_feeds(folder: Path) -> None:
    for part, items in (("first", FIRST), ("feeds", LATER)):
        (folder / part).mkdir(parents=True)
        for wire in WIRES:
            suffix = "json" if wire.file.endswith(".json") else "xml"
            (folder / part / f"{wire.name}.{suffix}").write_bytes(body(wire, BASE, NOW - timedelta(hours=5)))
        for name, said in (("odd", items + ALWAYS), ("keyless", KEYLESS)):
            (folder / part / f"{name}.xml").write_text(ODD.format(items=said, name=name), "utf-8")
    names = sorted(path.stem for path in (folder / "feeds").iterdir())
    sources = [f'\n[sources.{n}]\nurl = "{{base}}/{n}"\ncontent = "full"\n{_lists(n)}' for n in names]
    (folder / "copydesk.toml").write_text(CONFIG + "".join(sources), "utf-8")


def _lists(name: str) -> str:
    return f'sections = ["{LISTS[name]}"]\n' if name in LISTS else ""


# ---------------------------------------------------------------- what the test does as well


@contextmanager
def served(feeds: Path) -> Iterator[str]:
    """The feeds of a folder on loopback; gives the address."""
    types = {".json": "application/feed+json", ".xml": "text/xml"}
    answers = {f"/{p.stem}": ok(p.read_bytes(), f"Content-Type: {types[p.suffix]}") for p in feeds.iterdir()}
    stand = Stand(answers)
    try:
        yield stand.base
    finally:
        stand.close()


@contextmanager
def desk(folder: Path, state: Path, base: str, now: datetime) -> Iterator[App]:
    """The app of a folder's configuration, its store in `state`, its sources at `base`, its clock at `now`."""
    file = state / "copydesk.toml"
    file.write_text((folder / "copydesk.toml").read_text("utf-8").replace("{base}", base), "utf-8")
    with mock.patch("feeds.app.clock", lambda: now), opened(load(file, os.environ)) as app:
        app.register()
        yield app


def publish(app: App) -> None:
    with app.publishing():
        assert app.publish().failed == ()


def shown(app: App) -> dict[str, Any]:
    """Every entry of the store with its articles, and every section's Atom feed: ids and times."""
    with app.store.reading() as shelf:
        numbers = list(shelf.connection.execute(select(entry.c.id).order_by(entry.c.id)).scalars())
        entries = {one.entry.id: _entry(one) for _, one in shelf.entries(numbers)}
    sections = [section.name for section in app.config.sections]
    return {"entries": entries, "feeds": {name: _feed(app.config.output / name / "atom.xml") for name in sections}}


def _entry(one: Any) -> Mapping[str, Any]:
    return {
        "title": one.lead.title,
        "times": _times(one.entry),
        "sections": sorted(one.sections),
        "articles": {a.id: [a.source, *_times(a)] for a in one.copies},
    }


def _times(one: Article | Entry) -> list[str]:
    return [moment.isoformat() for moment in (one.published, one.updated, one.first_seen)]


def _feed(file: Path) -> list[list[str]]:
    root = etree.parse(file).getroot()
    return [[e.findtext(f"{ATOM}{n}") or "" for n in ("id", "published", "updated")] for e in root.iter(f"{ATOM}entry")]


if __name__ == "__main__":
    main()
