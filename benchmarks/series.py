"""Replays snapshots of the same feeds through the pipeline and a store: is an article twice, is an edit lost?

    python benchmarks/series.py [FOLDER|FILE.tar.xz] [--pairs]

FOLDER holds one folder per feed, and in it one file per snapshot, named by its time (20130326T130727.xml). Each is
answered to a poll at that very time, in the order of the times over all feeds; nothing waits, nothing is fetched.

After every poll each item of the snapshot must stand in the store with the title and the text it has now: else an
edit is lost. At the end, articles of one source that share guid, page or title are pairs; a pair that the source
itself lists side by side, as two items of one document, is its own. The others are one article shown as two.
`--pairs` prints them all. Exit code 1 when an edit is lost or an article stands twice by its guid or page.
"""

import argparse
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path, PurePosixPath

from feeds.dedupe.words import tokens
from feeds.errors import ParseError
from feeds.model import Article, Request, Response, Section, Source
from feeds.normalise import normalise
from feeds.parse import parse
from feeds.pipeline.poll import Run
from feeds.pipeline.rerouting import bring_sections
from feeds.pipeline.rules import Manner, Rulebook
from feeds.store import Store, open_store

DEFAULT = Path(__file__).parents[2] / "shared" / "corpus" / "series.tar.xz"
SECTION = Section(name="wire", title="Wire")


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """What a feed said at a moment."""

    at: datetime
    source: str
    body: bytes = field(compare=False)


def snapshots(place: Path) -> list[Snapshot]:
    """All of them, by time."""
    found = ((PurePosixPath(name), body) for name, body in _files(place) if name.endswith(".xml"))
    return sorted(Snapshot(_time(path.stem), path.parent.name, body) for path, body in found)


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        yield from ((path.relative_to(place).as_posix(), path.read_bytes()) for path in place.rglob("*.xml"))
        return
    with tarfile.open(place) as archive:
        for member in archive:
            if file := archive.extractfile(member):
                yield member.name, file.read()


def _time(stem: str) -> datetime:
    return datetime.strptime(stem, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


class Replay:
    """Answers every request with one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def fetch(self, requests: Iterable[Request], idle: object) -> Iterator[tuple[Request, Response]]:
        for asked in requests:
            said, took = self.snapshot, timedelta(seconds=1)
            yield (
                asked,
                Response(url=asked.url, status=200, headers={}, body=said.body, fetched_at=said.at, elapsed=took),
            )


@dataclass(slots=True)
class Result:
    """What the replay came to."""

    outcomes: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    pairs: dict[str, list[tuple[Article, Article]]] = field(default_factory=lambda: defaultdict(list))


def replay(taken: list[Snapshot], store: Store) -> Result:
    """Polls every snapshot at its time, and looks at the store after each."""
    sources = {name: source(name) for name in sorted({one.source for one in taken})}
    store.register(list(sources.values()))
    rules = Rulebook(
        sources=sources,
        sections=(SECTION,),
        first_items=500,
        first_age=timedelta(days=36500),
        spacing=timedelta(0),
    )
    with store.deciding() as ledger:
        bring_sections(ledger, rules, taken[0].at)
    result, before = Result(), dict[str, frozenset[str]]()
    listed: dict[str, list[frozenset[str]]] = defaultdict(list)
    for one in taken:
        poll(one, store, rules, result)
        articles = said(one, sources[one.source])
        names = frozenset(map(known_by, articles))
        result.counts["windows passed"] += one.source in before and not names & before[one.source]
        before[one.source] = names
        listed[one.source].append(frozenset(f"{known_by(a)} {a.title}" for a in articles))
        look(one, articles, stored(store, one.source), result)
    for name in sources:
        pair(stored(store, name), listed[name], result)
    return result


def source(name: str) -> Source:
    return Source(name=name, url=f"https://{name.replace('_', '-')}.example/feed", sections=(SECTION.name,))


def poll(one: Snapshot, store: Store, rules: Rulebook, result: Result) -> None:
    run = Run(
        store=store,
        fetches=Replay(one),
        rules=rules,
        manner=Manner(),
        clock=lambda: one.at,
        sleep=lambda _: None,
        named=(one.source,),
    )
    for polled in run.polls():
        result.outcomes[str(polled.outcome)] += 1
        for name in ("new", "changed", "merged"):
            result.counts[name] += getattr(polled, name)


def said(one: Snapshot, source: Source) -> list[Article]:
    """The articles of a snapshot as they read by themselves."""
    try:
        feed = parse(one.body, source.url, {})
    except ParseError:
        return []
    return [normalise(item, feed, source, source.url, one.at) for item in feed.items]


def known_by(article: Article) -> str:
    return article.guid or article.url or article.title


def stored(store: Store, name: str) -> list[Article]:
    with store.reading() as shelf:
        return list(shelf.newest_articles(name, 1_000_000))


def look(one: Snapshot, articles: list[Article], kept: list[Article], result: Result) -> None:
    """Whether the store says what the snapshot says."""
    standing = {(article.title, article.text, article.url) for article in kept}
    result.counts["items"] += len(articles)
    newest: dict[tuple[str, str | None], Article] = {}
    for article in articles:  # of several versions in one document the last counts
        name = article.guid or article.id, article.url
        newest[name] = max(newest.get(name, article), article, key=lambda a: a.updated)
    for article in newest.values():
        if (article.title, article.text, article.url) not in standing:
            result.lost.append(f"{one.source} {one.at:%m-%d %H:%M} {known_by(article)[:80]} {article.title[:60]!r}")


def pair(kept: list[Article], listed: list[frozenset[str]], result: Result) -> None:
    """Articles of one source that share a guid, a page or a title, unless the source lists them side by side."""
    result.counts["articles"] += len(kept)
    keys = {
        "guid": lambda a: a.guid,
        "page": lambda a: a.url,
        "title": lambda a: " ".join(tokens(a.title)),
    }
    found: set[frozenset[str]] = set()
    for word, key in keys.items():
        groups: Mapping[str, list[Article]] = defaultdict(list)
        for article in kept:
            if name := key(article):
                groups[name].append(article)
        for one, other in (two for group in groups.values() for two in combinations(group, 2)):
            if frozenset((one.id, other.id)) in found:
                continue
            found.add(frozenset((one.id, other.id)))
            beside = any({f"{known_by(a)} {a.title}" for a in (one, other)} <= names for names in listed)
            result.pairs[f"{word}, side by side" if beside else word].append((one, other))


def report(result: Result, *, pairs: bool) -> str:
    counts, lines = result.counts, []
    for word, twos in result.pairs.items():
        for one, other in twos if pairs else ():
            lines.append(f"{word}: {one.source} {one.title[:60]!r} / {other.title[:60]!r}")
            lines += [f"    {a.guid} {a.url} {a.published:%m-%d %H:%M} {a.text[:80]!r}" for a in (one, other)]
    lines += [f"lost: {one}" for one in result.lost[:50]]
    lines.append(f"polls: {dict(result.outcomes)}")
    lines.append(f"items {counts['items']}, articles {counts['articles']}, joined with another's {counts['merged']}")
    lines.append(f"edits seen {counts['changed']}, lost {len(result.lost)}; windows passed {counts['windows passed']}")
    lines.append("pairs of one source: " + (", ".join(f"{w} {len(t)}" for w, t in result.pairs.items()) or "none"))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--pairs", action="store_true", help="print the pairs")
    options = parser.parse_args()
    if not options.place.exists():
        parser.error(f"{options.place} is not there; name a folder of snapshots")
    with tempfile.TemporaryDirectory() as scratch:
        store = open_store(f"sqlite:///{scratch}/series.db", "series")
        result = replay(snapshots(options.place), store)
        store.close()
    print(report(result, pairs=options.pairs))
    sys.exit(1 if result.lost or result.pairs.get("guid") or result.pairs.get("page") else 0)


if __name__ == "__main__":
    main()
