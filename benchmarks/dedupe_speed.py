#!/usr/bin/env python3
"""Articles per CPU second through settling, against how many the store holds.

    python benchmarks/dedupe_speed.py --sizes 10000 100000 1000000 --measured 5000 --svg docs/dedupe_speed.svg

Generated articles of 170 words on average, their words as frequent as those of a language; one in five is a copy: cut,
under another headline, with a footer. A hundred sources, five articles each to a transaction, a store on disk. Keys and
anchors are counted in, parsing and normalising are not. Up to each size the store is filled in bulk (whole rows of
articles, entries and keys, with random hashes and 25 random anchors each, whose text is short); the last articles
before it go the way that all go, and are measured. Ends with a table, and a chart where one is asked for.
"""

import argparse
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import log10
from multiprocessing import get_context
from pathlib import Path

from msgspec.structs import replace

from feeds.dedupe.keys import draft
from feeds.model import Article, Claim, Outcome, Poll, Source, SourceState
from feeds.pipeline.likeness import RECENT
from feeds.pipeline.read import Read
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.settle import settle
from feeds.store import Store, open_store

SOURCES, EACH = 100, 5
ROW = 25  # bytes to a row of anchors, in pages that are filled to two thirds
START = datetime(2026, 1, 1, tzinfo=UTC)
PACE = timedelta(days=28) / 1_000_000  # a million articles in the window
SYLLABLES = "ka ri to mel ven sor ba lin du pek or ta ni gra shu wo lem fa".split()


class Texts:
    """Words that come as often as those of a language do, and copies of what came lately."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        syllable = lambda: self.random.choice(SYLLABLES)  # noqa: E731
        self.words = list(
            dict.fromkeys(
                "".join(syllable() for _ in range(1 + n % 4)) + str(n % 7) * (n > 2000) for n in range(60_000)
            )
        )
        self.weights = list(accumulate(1 / (n + 10) for n in range(len(self.words))))
        self.recent: list[str] = []

    def one(self) -> str:
        if self.recent and self.random.random() < 0.2:
            words = self.random.choice(self.recent).split()
            return " ".join([*words[: max(40, int(len(words) * self.random.uniform(0.4, 1)))], "read", "more", "here"])
        words = self.random.choices(
            self.words, cum_weights=self.weights, k=int(self.random.lognormvariate(5, 0.5)) + 30
        )
        text = " ".join(words)
        self.recent = [*self.recent[-500:], text]
        return text


@dataclass(frozen=True)
class Figures:
    """What was measured at one size of the store."""

    stored: int
    speed: float  # articles per CPU second
    keys: float  # the part of it that is keys and anchors
    peak: float  # MB, of the process until then
    index: float  # bytes of anchors an article


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 50_000, 100_000])
    parser.add_argument("--measured", type=int, default=5000, help="articles before each size")
    parser.add_argument("--svg", type=Path, help="where to draw the chart")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        with closing(open_store(f"sqlite:///{path}", "speed")) as store:
            found = list(run(store, path, options.sizes, options.measured))
    if options.svg:
        options.svg.write_text(chart(found))


def run(store: Store, path: Path, sizes: list[int], measured: int) -> Iterator[Figures]:
    sources = {f"s{n}": Source(name=f"s{n}", url=f"https://s{n}.example/feed") for n in range(SOURCES)}
    store.register(tuple(sources.values()))
    rules = Rulebook(sources=sources, sections=(), first_items=10, first_age=timedelta(days=2), spacing=timedelta(0))
    texts, done = Texts(7), 0
    print("| stored | articles per CPU second | of it keys | bytes of anchors an article | peak, MB |")
    print("|---|---|---|---|---|")
    for size in sorted(sizes):
        if size - measured > done:  # in a process of its own, whose memory is no matter
            filling = get_context("spawn").Process(target=fill, args=(path, done, size - measured))
            filling.start()
            filling.join()
            done = size - measured
        keys = total = 0.0
        begun = done
        while done < size:
            done += SOURCES * EACH
            made, settled, _ = batch(store, rules, texts, done)
            keys, total = keys + made, total + made + settled
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        one = Figures(done, (done - begun) / total, keys / total, peak, index_size(path) / done)
        print(f"| {done:,} | {one.speed:.0f} | {one.keys:.0%} | {one.index:.0f} | {one.peak:.0f} |", flush=True)
        yield one


def fill(path: Path, start: int, end: int) -> None:
    """Rows for articles numbered from one to the other, in eight rounds; the last anchors are not carried over yet."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO kept_anchor SELECT * FROM anchor ORDER BY 1, 2")
        connection.execute("DELETE FROM anchor")
        step = (end - start + 7) // 8
        pace, begin = int(PACE / timedelta(microseconds=1)), int(START.timestamp() * 1e6)
        for first in range(start, end, step):
            values = {"first": first + 1, "last": min(first + step, end), "start": begin, "pace": pace}
            for statement in FILL:
                connection.execute(statement, values)
        recent = end - RECENT // 2
        connection.execute("INSERT INTO anchor SELECT * FROM kept_anchor WHERE entry_id > ? ORDER BY 1, 2", (recent,))
        connection.execute("DELETE FROM kept_anchor WHERE entry_id > ?", (recent,))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
FILL = (
    f"""{NUMBERS} INSERT INTO article (id, uid, source_id, entry_id, digest, guid_key, title_key, text_key, url_key,
    words, first_seen, data) SELECT i, hex(randomblob(18)), 1 + i % 100, i, random(), random(), random(), random(),
    random(), 170, :start + i * :pace, '{{}}' FROM n""",
    f"{NUMBERS} INSERT INTO article_key (key, source_id, article_id) SELECT random(), 1 + i % 100, i FROM n",
    f"""{NUMBERS} INSERT INTO entry (id, lead_id, published, updated, moves, first_seen, state, printed, version)
    SELECT i, i, :start + i * :pace, :start + i * :pace, 0, :start + i * :pace, 'live', 0, 1 FROM n""",
    """WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < (:last - :first + 1) * 25 - 1)
    INSERT INTO kept_anchor SELECT random(), :first + i / 25 FROM n ORDER BY 1""",
)


def batch(store: Store, rules: Rulebook, texts: Texts, done: int) -> tuple[float, float, int]:
    """(CPU seconds for keys, for settling, articles that joined)."""
    now = START + PACE * done
    made = [[article(texts.one(), name, done * 10 + n, now) for n in range(EACH)] for name in rules.sources]
    begun = time.process_time()
    drafts = [[draft(one) for one in several] for several in made]
    keyed = time.process_time()
    with store.deciding() as ledger:
        rows = ledger.sources(rules.sources)
        ledger.connection.exec_driver_sql("UPDATE source SET lease_until = 1")
        polls = settle(
            ledger,
            [read(rules.sources[n], rows[n].token, d, now) for n, d in zip(rules.sources, drafts, strict=True)],
            rules,
            now,
        )
    return keyed - begun, time.process_time() - keyed, sum(p.merged for p in polls)


def read(source: Source, token: int, drafts: list, now: datetime) -> Read:
    state = SourceState(name=source.name, url=source.url, last_success=now - timedelta(days=1))
    return Read(
        claim=Claim(state=state, token=token, until=now + timedelta(days=1)),
        source=source,
        poll=Poll(source=source.name, at=now, outcome=Outcome.FRESH, items=len(drafts)),
        state=replace(state, next_poll=now),
        host=source.name,
        drafts=tuple(drafts),
    )


def article(text: str, source: str, number: int, now: datetime) -> Article:
    url = f"https://{source}.example/{number}"
    return Article(
        id=f"urn:{source}:{number}", source=source, guid=url, url=url, canonical=url, title=" ".join(text.split()[3:9]),
        summary=text[:200], content="", text=text, match_text=text, digest=number * SOURCES + int(source[1:]),
        published=now, published_from="published", updated=now, updated_from="published", first_seen=now,
    )  # fmt: skip


def index_size(path: Path) -> float:
    """Bytes of the tables of anchors; by their rows where SQLite was built without `dbstat`."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            query = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('anchor', 'kept_anchor')"
            return float(connection.execute(query).fetchone()[0])
        except sqlite3.OperationalError:
            tables = ("anchor", "kept_anchor")
            return sum(ROW * connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables)


def chart(found: list[Figures]) -> str:
    """Articles per CPU second over the size of the store, as SVG."""
    most = max(one.speed for one in found) * 1.1
    low, high = log10(found[0].stored), log10(found[-1].stored)
    marks = []
    for speed in range(0, int(most), 500):
        y = 260 - 220 * speed / most
        marks.append(f'<line x1="60" x2="570" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        marks.append(f'<text x="52" y="{y + 4:.0f}" text-anchor="end">{speed}</text>')
    points = []
    for one in found:
        x, y = 60 + 500 * (log10(one.stored) - low) / (high - low), 260 - 220 * one.speed / most
        points.append(f"{x:.0f},{y:.0f}")
        marks.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3"/>')
        marks.append(f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{one.speed:.0f}</text>')
        marks.append(f'<text x="{x:.0f}" y="278" text-anchor="middle">{one.stored // 1000}k</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 310" font-family="sans-serif" font-size="12">\n'
        "<title>Articles per CPU second, by articles in the store</title>\n"
        '<rect width="600" height="310" fill="#fff"/>\n'
        f'<polyline points="{" ".join(points)}" fill="none" stroke="#246" stroke-width="2"/>\n'
        + "\n".join(marks)
        + '\n<text x="315" y="300" text-anchor="middle">articles in the store</text>'
        '\n<text x="60" y="24">articles per CPU second</text>\n</svg>\n'
    )


if __name__ == "__main__":
    main()
