#!/usr/bin/env python3
"""What each threshold and guard of wire copy saves and costs, on articles whose copies are known.

    python benchmarks/guards.py wire.dev.jsonl.gz
    python benchmarks/guards.py wire.dev.jsonl.gz --choose

Every run sends all articles (a JSON object a line: id, ts, feed, url, guid, lang, title, body or summary, and `gold`:
`dup` names the text that it is, `ignore` the articles of which nobody can say) in order of time through the product's
own rules, with what a store would hold kept in memory. The halves are the texts whose name has an even, and an odd,
checksum. Wrongly hidden are articles that joined the entry of another text.

`--choose` tries every pair of thresholds and takes, by one half alone, the one that shows the fewest copies again among
those that hide one article of that half at most and join pairs with a precision of 0.998; of equals the strictest. Then
it tells what that one does on the other half; and the other way round.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress, product
from pathlib import Path
from typing import Any
from zlib import crc32

from dedupe_adapter import drafted, moment, name_of
from msgspec.structs import replace

from feeds.dedupe import wire
from feeds.dedupe.decide import Joined, join
from feeds.dedupe.fingerprint import WIDTH, encoded, sample
from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head
from feeds.dedupe.match import GUARDS, LIMITS, OWN_TITLES, Limits, Words, without
from feeds.dedupe.wire import Copy, candidates, copy_of, worth
from feeds.model import Source

CURVE = ((0.5, 0.65), (0.55, 0.7), (0.6, 0.7), (0.6, 0.75), (0.6, 0.8), (0.7, 0.8), (0.7, 0.85), (0.75, 0.9))
NEAR, CONTAINED = (0.5, 0.55, 0.6, 0.65, 0.7), (0.65, 0.7, 0.75, 0.8, 0.85)


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
    parser.add_argument("--choose", action="store_true", help="choose thresholds on one half, report them on the other")
    options = parser.parse_args()
    known, sources = read(options.articles)
    words: dict[int, Copy] = {}
    print(f"{'':44}" + "".join(f"{half:>36}" for half in ("first half", "other half", "both")))
    print(f"{'':44}" + f"{'hidden   again  precision  recall':>36}" * 3)
    told: dict[Limits, list[Result]] = {}
    for name, limits, patches in grid() if options.choose else runs():
        if not options.only or options.only in name:
            with patched(patches):
                memory = Memory(sources, limits, words)
                found = [memory.take(row, one.draft, one.now) for row, one in enumerate(known)]
            told[limits] = [Result.of([one.said for one in known], found, half) for half in (0, 1, None)]
            print(f"{name:44}" + "".join(map(str, told[limits])), flush=True)
    if options.choose:
        for half, which in ((0, "first"), (1, "other")):
            limits = chosen(told, half)
            print(f"\nchosen on the {which} half: near {limits.near:.2f}, contained {limits.contained:.2f}")
            print(f"{'there, and on the half that had no say':44}{told[limits][half]}{told[limits][1 - half]}")


Run = tuple[str, Limits, Mapping[tuple[Any, str], Any]]  # name, limits, (module, name) -> what stands there instead


def runs() -> Iterator[Run]:
    yield "as built", LIMITS, {}
    for guard in (*GUARDS, OWN_TITLES):
        yield f"without: {guard}", replace(LIMITS, off=frozenset({guard})), {}
    yield "without: common text", LIMITS, {(wire, "COMMON"): 1 << 30}
    yield "a footer only as far as its last anchor", LIMITS, {(wire, "without"): without_its_end}
    yield "a round-up: by its title alone", replace(LIMITS, alike=2, again=2), {}
    yield "a round-up: not by what follows", replace(LIMITS, again=2), {}
    yield "a round-up: not by both titles", replace(LIMITS, alike=2), {}
    yield "short words of a title count", replace(LIMITS, telling=1), {}
    for name, speak in SPEAKERS.items():
        yield f"members: {name}", LIMITS, {(wire, "_speak"): speak}
    for near, contained in CURVE:
        yield f"near {near:.2f}, contained {contained:.2f}", replace(LIMITS, near=near, contained=contained), {}


def grid() -> Iterator[Run]:
    for near, contained in product(NEAR, CONTAINED):
        if near < contained:
            yield f"near {near:.2f}, contained {contained:.2f}", replace(LIMITS, near=near, contained=contained), {}


SPEAKERS: dict[str, Callable[..., bool]] = {
    "any one": lambda agreeing, able, entry, limits: bool(agreeing),
    "at least half": lambda agreeing, able, entry, limits: 2 * len(agreeing) >= able,
    "more than half": lambda agreeing, able, entry, limits: 2 * len(agreeing) > able,
    "half, or the opener in any case": lambda agreeing, able, entry, limits: (
        2 * len(agreeing) >= able or any(copy.head.row == entry for _, copy in agreeing)
    ),
}


def without_its_end(words: Words, common: frozenset[int]) -> Words:
    """What `without` leaves, and what stands behind the last common anchor."""
    places, hashes = sample(encoded(words.folded))
    if not hashes or hashes[-1] not in common:
        return without(words, common)
    end = places[-1] + WIDTH
    kept = without(words, common)
    return replace(kept, folded=kept.folded + words.folded[end:], written=kept.written + words.written[end:])


@contextmanager
def patched(patches: Mapping[tuple[Any, str], Any]) -> Iterator[None]:
    before = {place: getattr(*place) for place in patches}
    try:
        for place, value in patches.items():
            setattr(*place, value)
        yield
    finally:
        for place, value in before.items():
            setattr(*place, value)


def read(path: Path) -> tuple[list[Known], dict[str, Source]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = sorted(map(json.loads, lines), key=lambda said: said["ts"])
    names = {name_of(said["feed"]): said["feed"] for said in articles}
    sources = {name: Source(name=name, url=f"https://{feed}/feed") for name, feed in names.items()}
    return [Known(a, drafted(a, sources[name_of(a["feed"])], moment(a)), moment(a)) for a in articles], sources


@dataclass(frozen=True)
class Result:
    """What a run did to the articles of a half, or to all."""

    hidden: int
    missed: int
    copies: int
    articles: int
    precision: float
    recall: float

    @classmethod
    def of(cls, articles: list[dict[str, Any]], found: list[int | None], half: int | None) -> "Result":
        there = [half is None or crc32(str(said["gold"]["dup"]).encode()) % 2 == half for said in articles]
        return cls(*errors(articles, found, there), *pairs(articles, found, there))

    def __str__(self) -> str:
        again, hidden = 100 * self.missed / self.copies, f"{self.hidden} ({1000 * self.hidden / self.articles:.2f})"
        return f"{hidden:>12}{again:6.2f} %{self.precision:9.4f}{self.recall:8.4f}"


def chosen(told: dict[Limits, list[Result]], half: int) -> Limits:
    def rank(limits: Limits) -> tuple[bool, int, float]:
        here = told[limits][half]
        return here.hidden > 1 or here.precision < 0.998, here.missed, -limits.near - limits.contained

    return min(told, key=rank)


def errors(articles: list[dict[str, Any]], found: list[int | None], there: list[bool]) -> tuple[int, int, int, int]:
    """(wrongly hidden, copies shown again, copies, articles)."""
    seen, hidden, missed, copies, count = set(), 0, 0, 0, 0
    for said, row, counts in zip(articles, found, there, strict=True):
        if not counts:
            continue
        gold, other = said["gold"], articles[row] if row is not None else None
        same = other is not None and (other["gold"]["dup"] == gold["dup"] or nobody_says(said, other))
        hidden, count = hidden + (other is not None and not same), count + 1
        if gold["dup"] in seen:
            copies, missed = copies + 1, missed + (not same)
        seen.add(gold["dup"])
    return hidden, missed, copies, count


def nobody_says(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return other["id"] in (one["gold"].get("ignore") or ()) or one["id"] in (other["gold"].get("ignore") or ())


def pairs(articles: list[dict[str, Any]], found: list[int | None], there: list[bool]) -> tuple[float, float]:
    """Precision and recall over the pairs of articles of one entry; those of which nobody can say are left out."""
    entries: list[int] = []
    for row, other in enumerate(found):
        entries.append(row if other is None else entries[other])
    both = Counter((e, a["gold"]["dup"]) for e, a in compress(zip(entries, articles, strict=True), there))
    ours, theirs = Counter(compress(entries, there)), Counter(a["gold"]["dup"] for a in compress(articles, there))
    right, joined, wanted = (sum(n * (n - 1) // 2 for n in c.values()) for c in (both, ours, theirs))
    places = {a["id"]: row for row, a in enumerate(articles) if there[row]}
    unsaid = {frozenset((a, b)) for a, row in places.items() for b in articles[row]["gold"].get("ignore") or ()}
    for one, other in (pair for pair in unsaid if pair <= places.keys()):
        here, there_too = places[one], places[other]
        same = articles[here]["gold"]["dup"] == articles[there_too]["gold"]["dup"]
        merged = entries[here] == entries[there_too]
        right, joined, wanted = right - (same and merged), joined - merged, wanted - same
    return right / max(joined, 1), right / max(wanted, 1)


if __name__ == "__main__":
    main()
