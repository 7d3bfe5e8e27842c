"""Who would lead entries by rules that are not in force, had their articles come under these.

Nobody kept what was known when a lead was chosen. So the articles of an entry are led twice as they stand now, by the
rules in force and by the others: only where that differs, and from the stored lead, the rules give another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from feeds.dedupe.decide import lead
from feeds.dedupe.keys import Head
from feeds.model import EntryState, Source
from feeds.pipeline.rehearsing import Cast
from feeds.pipeline.shaping import said
from feeds.pipeline.standing import EVER, parts
from feeds.store.ledger import EntryRow
from feeds.store.rehearsal import DryLedger, Known, Past, entries_of

RANK = ("paywall", "content", "priority")  # of a source: whose copy is shown


class Led(Struct, frozen=True, kw_only=True):
    """An entry that another of its articles would lead; numbers are the store's own."""

    entry: int
    before: int
    after: int
    why: str


def led_otherwise(past: Past, dry: DryLedger, who: Cast, known: Mapping[str, Known], first: int) -> Iterator[Led]:
    """The entries with articles of the window that others would lead."""
    former = {n: _ranked(one, known.get(n)) for n, one in who.sources.items()}
    turned = [who.numbers[n].id for n, one in former.items() if one != who.sources[n] and n in who.numbers]
    numbers = past.places.shaken.union(entries_of(dry.connection, first, turned) if turned else ())
    for part in parts(numbers):
        before, after, rows = dry.members(part), past.standing(part, EVER), dry.entries(part)
        for number in (n for n in part if n in rows and after[n]):
            row = rows[number]
            best = _led(after[number], who.sources)
            if row.state == EntryState.LIVE and best not in (row.lead_id, _led(before[number], former)):
                yield Led(entry=number, before=row.lead_id, after=best, why=_why(row, best, after[number], who, former))


def _ranked(now: Source, before: Known | None) -> Source:
    """A source as it is now, but for what of it ranks copies: that as it was."""
    return replace(now, **{key: getattr(before.configured, key) for key in RANK}) if before else now


def _led(heads: Sequence[Head], sources: Mapping[str, Source]) -> int:
    """The article that leads when they come one after the other."""
    current, begun = heads[0].row, heads[0].first_seen
    for count, newest in enumerate(heads, 1):
        current = lead(heads[:count], sources, current, begun, newest.first_seen)
    return current


def _why(row: EntryRow, best: int, heads: Collection[Head], who: Cast, former: Mapping[str, Source]) -> str:
    by = {head.row: head for head in heads}
    old = by.get(row.lead_id)
    if old is None:
        return "the article that leads it goes elsewhere"
    if old.dropped:
        return "the article that leads it is dropped"
    names = dict.fromkeys((by[best].source, old.source))
    changed = [
        f"{name}: {said(who.sources[name], key, former[name])}"
        for name in names
        for key in RANK
        if getattr(who.sources[name], key) != getattr(former[name], key)
    ]
    return "; ".join(changed) or "others have joined or left it"
