"""Milliseconds of CPU per feed of 30 entries with full content (100 kB), beside feedparser in the same run.

    python benchmarks/reading.py [--feeds 40] [--rounds 3]

Documents are made in memory as `benchmarks/feedserver.py` makes them; none declares its language, so that it has to be
told by a few items' words, but for the figure in brackets. Each is parsed, then its items are normalised;
the best of the rounds counts, as a neighbour on the machine can only add. Read the ratios, not the times.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import feedparser
from feedserver import Newsroom
from msgspec.structs import replace

from feeds.memory import collect_seldom
from feeds.model import ParsedFeed, Source
from feeds.normalise import digest, normalise_all
from feeds.parse import parse

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "http://127.0.0.1:8000/feed/1"
SOURCE = Source(name="reading", url=URL)


def main() -> None:
    collect_seldom()  # as every command does
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--feeds", type=int, default=40)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    newsroom = Newsroom("http://127.0.0.1:8000", options.feeds, 30, 1, int(NOW.timestamp()))
    bodies = [feed.body for feed in newsroom.feeds]
    parsed = [parse(body, URL, {}) for body in bodies]
    print(f"{len(bodies)} feeds of {sum(map(len, bodies)) // len(bodies) // 1000} kB, 30 entries each; ms CPU per feed")
    parsing = timed(options.rounds, bodies, lambda body: parse(body, URL, {}))
    normalising = timed(options.rounds, parsed, read)
    declaring = [replace(feed, language="en") for feed in parsed]
    declared = timed(options.rounds, declaring, read)
    theirs = timed(1, bodies, feedparser.parse)
    print(f"parse               {parsing:6.2f}")
    print(f"normalise           {normalising:6.2f}   ({normalising / 30 * 1000:.0f} µs an item)")
    print(f"parse and normalise {parsing + normalising:6.2f}   ({parsing + declared:.2f} with the language declared)")
    print(f"feedparser          {theirs:6.2f}   ({theirs / (parsing + normalising):.1f} times as much)")


def read(feed: ParsedFeed) -> None:
    """Normalise every item, as a poll does."""
    normalise_all(feed.items, feed, SOURCE, URL, NOW, [digest(item) for item in feed.items])


def timed(rounds: int, values: Sequence[Any], call: Callable[[Any], object]) -> float:
    """Milliseconds of CPU per value, in the best round."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for value in values:
            call(value)
        best = min(best, time.process_time() - start)
    return best / len(values) * 1000


if __name__ == "__main__":
    main()
