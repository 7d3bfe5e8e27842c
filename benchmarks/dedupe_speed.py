#!/usr/bin/env python3
"""Articles per CPU second through settling, against how many the store holds.

    python benchmarks/dedupe_speed.py --articles 200000 --step 20000

Generated articles of 170 words on average, their words as frequent as those of a language; one in five is a copy: cut,
under another headline, with a footer. A hundred sources, five articles each to a transaction, a store on disk. Keys and
anchors are counted in, parsing and normalising are not. Ends with the size of the index.
"""

import argparse
import random
import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from feeds.dedupe import draft
from feeds.model import Article, Claim, Outcome, Poll, Source, SourceState
from feeds.pipeline.read import Read
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.settle import settle
from feeds.store import Store, open_store

SOURCES, EACH = 100, 5
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--step", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        with closing(open_store(f"sqlite:///{path}", "speed")) as store:
            run(store, options.articles, options.step)
        tell_size(path)


def run(store: Store, articles: int, step: int) -> None:
    sources = {f"s{n}": Source(name=f"s{n}", url=f"https://s{n}.example/feed") for n in range(SOURCES)}
    store.register(tuple(sources.values()))
    rules = Rulebook(sources=sources, sections=(), first_items=10, first_age=timedelta(days=2), spacing=timedelta(0))
    texts, done, spent, merged = Texts(7), 0, 0.0, 0
    print(f"{'stored':>10} {'articles/CPU s':>15} {'of it keys':>11} {'merged':>8} {'peak MB':>8}")
    while done < articles:
        keys = total = 0.0
        merged = 0
        while (done := done + SOURCES * EACH) % step:
            made, settled, joined = batch(store, rules, texts, done)
            keys, total, merged = keys + made, total + made + settled, merged + joined
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        count = step - SOURCES * EACH
        print(f"{done:>10} {count / total:>15.0f} {keys / total:>11.0%} {merged:>8} {peak:>8.0f}", flush=True)
        spent += total


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


def tell_size(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        count = connection.execute("SELECT count(*) FROM article").fetchone()[0]
        rows = connection.execute("SELECT count(*) FROM anchor").fetchone()[0]
        try:
            size = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'anchor'").fetchone()[0]
        except sqlite3.OperationalError:  # built without it
            before = path.stat().st_size
            connection.execute("DROP TABLE anchor")
            connection.commit()
            connection.execute("VACUUM")
            size = before - path.stat().st_size
    print(f"{rows / count:.1f} anchors an article, {size / count:.0f} bytes; {path.stat().st_size / count:.0f} in all")


if __name__ == "__main__":
    main()
