#!/usr/bin/env python3
"""What each threshold and guard of wire copy saves and costs, on articles whose copies are known.

    python benchmarks/guards.py wire.dev.jsonl.gz

Every run sends all articles (a JSON object a line: id, ts, feed, url, guid, lang, title, body or summary, and `gold`:
`dup` names the text that it is, `ignore` the articles of which nobody can say) in order of time through the product's
own rules, with what a store would hold kept in memory. The halves are the texts whose name has an even, and an odd,
checksum: choose on one, report the other. Wrongly hidden are articles that joined the entry of another text.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from dedupe_adapter import drafted, moment, name_of

from feeds.dedupe import ENOUGH_WORDS, Copy, Draft, Head, Joined, candidates, copy_of, join, wire, worth
from feeds.dedupe.match import GUARDS, LIMITS, OWN_TITLES, Limits
from feeds.model import Source

CURVE = ((0.5, 0.65), (0.55, 0.7), (0.6, 0.7), (0.6, 0.75), (0.6, 0.8), (0.7, 0.8), (0.7, 0.85), (0.75, 0.9))


@dataclass
class Known:
    """An article of the data, with the draft that the product makes of it."""

    said: dict[str, Any]
    draft: Draft
    now: datetime


@dataclass
class Memory:
    """What a store would hold."""

    sources: dict[str, Source]
    limits: Limits
    words: dict[int, Copy]  # texts made ready to be compared, for all runs
    items: dict[tuple[str, int], int] = field(default_factory=dict)  # (source, key or digest) -> article
    heads: list[Head] = field(default_factory=list)
    texts: dict[int, list[Head]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[int, list[Head]] = field(default_factory=lambda: defaultdict(list))
    postings: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    shortest: dict[int, int] = field(default_factory=dict)

    def take(self, row: int, one: Draft, now: datetime) -> int | None:
        """The article that this one is a copy of, or the same item as."""
        source = one.article.source
        again = [self.items[source, k] for k in (*one.keys, one.article.digest) if (source, k) in self.items]
        joined = None if again else self.joined(one, now)
        entry = self.heads[again[0]].entry if again else joined.entry if joined else row
        head = Head(
            row=row, id="", source=source, entry=entry, digest=one.article.digest, guid_key=one.guid_key,
            title_key=one.title_key, text_key=one.text_key, url_key=one.url_key, words=one.words, first_seen=now,
        )  # fmt: skip
        self.heads.append(head)
        for k in (*one.keys, one.article.digest):
            self.items.setdefault((source, k), again[0] if again else row)
        self.note(one, head, new=not again)
        return again[0] if again else joined.counterpart.row if joined else None

    def joined(self, one: Draft, now: datetime) -> Joined | None:
        same = [*self.texts.get(one.text_key or 0, ()), *self.pages.get(one.url_key or 0, ())]
        exact = join(one, same, self.sources, now) if same else None
        if exact:
            return exact
        found = worth(candidates(one.anchors, self.postings), one.anchors, self.shortest)
        return copy_of(one, found, self.members, self.sources, now, self.limits) if found.met else None

    def note(self, one: Draft, head: Head, *, new: bool) -> None:
        if new:
            self.texts[one.text_key or 0].append(head)
            self.pages[one.url_key or 0].append(head)
        if one.words < ENOUGH_WORDS:
            return
        for anchor in one.anchors:
            entries = self.postings[anchor]
            if len(entries) < wire.COMMON and head.entry not in entries:
                entries.append(head.entry)
        if new and len(self.members[head.entry]) < wire.COMPARED:
            copy = self.words.setdefault(
                head.row, Copy(head=head, title=one.article.title, text=one.article.match_text)
            )
            self.members[head.entry].append(Copy(head=head, title=copy.title, text=copy.text, _words=copy.words))
        if new:
            self.shortest[head.entry] = min(self.shortest.get(head.entry, one.words), one.words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--only", help="the runs whose name has this")
    options = parser.parse_args()
    known, sources = read(options.articles)
    words: dict[int, Copy] = {}
    print(f"{'':44}{'first half':>22}{'other half':>22}{'both':>36}")
    print(f"{'':44}{'hidden   again':>22}{'hidden   again':>22}{'hidden   again  precision  recall':>36}")
    for name, limits, constants in runs():
        if not options.only or options.only in name:
            with changed(constants):
                memory = Memory(sources, limits, words)
                found = [memory.take(row, one.draft, one.now) for row, one in enumerate(known)]
            tell(name, [one.said for one in known], found)


def runs() -> Iterator[tuple[str, Limits, dict[str, Any]]]:
    """(name, limits, constants of the candidates)."""
    yield "as built", LIMITS, {}
    for guard in (*GUARDS, OWN_TITLES):
        yield f"without: {guard}", replace(LIMITS, off=frozenset({guard})), {}
    yield "without: common text", LIMITS, {"COMMON": 1 << 30}
    yield "short words of a title count", replace(LIMITS, telling=1), {}
    for near, contained in CURVE:
        yield f"near {near:.2f}, contained {contained:.2f}", replace(LIMITS, near=near, contained=contained), {}


@contextmanager
def changed(constants: dict[str, Any]) -> Iterator[None]:
    before = {name: getattr(wire, name) for name in constants}
    try:
        for name, value in constants.items():
            setattr(wire, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(wire, name, value)


def read(path: Path) -> tuple[list[Known], dict[str, Source]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = sorted(map(json.loads, lines), key=lambda said: said["ts"])
    names = {name_of(said["feed"]): said["feed"] for said in articles}
    sources = {name: Source(name=name, url=f"https://{feed}/feed") for name, feed in names.items()}
    return [Known(a, drafted(a, sources[name_of(a["feed"])], moment(a)), moment(a)) for a in articles], sources


def tell(name: str, articles: list[dict[str, Any]], found: list[int | None]) -> None:
    line = f"{name:44}"
    for half in (0, 1, None):
        hidden, missed, copies, count = errors(articles, found, half)
        line += f"{hidden:8} ({1000 * hidden / count:.2f}) {100 * missed / copies:6.2f} %"
    print(line + "{:10.4f}{:9.4f}".format(*pairs(articles, found)), flush=True)


def errors(articles: list[dict[str, Any]], found: list[int | None], half: int | None) -> tuple[int, int, int, int]:
    """(wrongly hidden, copies shown again, copies, articles)."""
    seen, hidden, missed, copies, count = set(), 0, 0, 0, 0
    for said, row in zip(articles, found, strict=True):
        gold = said["gold"]
        if half is not None and crc32(str(gold["dup"]).encode()) % 2 != half:
            continue
        other = articles[row] if row is not None else None
        same = other is not None and (other["gold"]["dup"] == gold["dup"] or nobody_says(said, other))
        hidden, count = hidden + (other is not None and not same), count + 1
        if gold["dup"] in seen:
            copies, missed = copies + 1, missed + (not same)
        seen.add(gold["dup"])
    return hidden, missed, copies, count


def nobody_says(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return other["id"] in (one["gold"].get("ignore") or ()) or one["id"] in (other["gold"].get("ignore") or ())


def pairs(articles: list[dict[str, Any]], found: list[int | None]) -> tuple[float, float]:
    """Precision and recall over the pairs of articles of one entry; those of which nobody can say are left out."""
    entries: list[int] = []
    for row, other in enumerate(found):
        entries.append(row if other is None else entries[other])
    both = Counter((e, a["gold"]["dup"]) for e, a in zip(entries, articles, strict=True))
    ours, theirs = Counter(entries), Counter(a["gold"]["dup"] for a in articles)
    right, joined, wanted = (sum(n * (n - 1) // 2 for n in c.values()) for c in (both, ours, theirs))
    places = {a["id"]: row for row, a in enumerate(articles)}
    for one, other in {frozenset((a["id"], b)) for a in articles for b in a["gold"].get("ignore") or () if b in places}:
        here, there = places[one], places[other]
        same = articles[here]["gold"]["dup"] == articles[there]["gold"]["dup"]
        merged = entries[here] == entries[there]
        right, joined, wanted = right - (same and merged), joined - merged, wanted - same
    return right / max(joined, 1), right / max(wanted, 1)


if __name__ == "__main__":
    main()
