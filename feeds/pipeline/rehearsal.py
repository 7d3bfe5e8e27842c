"""A rehearsal: what a configuration would make of what is stored, beside what stands there."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from sqlalchemy import Connection

from feeds.errors import ConfigError, StoreError
from feeds.model import Rules
from feeds.pipeline.rehearsing import Difference, cast, reenact
from feeds.pipeline.releading import Led, led_otherwise
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.shaping import Move, Presses, closed, feed_moves
from feeds.pipeline.standing import Standings, Step, parts
from feeds.store import Store, open_store
from feeds.store.codec import maybe_moment
from feeds.store.rehearsal import (
    DryLedger,
    Known,
    Past,
    Places,
    decided_entries,
    extent,
    first_row_since,
    known_sources,
    told_of,
)
from feeds.store.store import renamed


class Play(Struct, frozen=True, kw_only=True):
    """What is rehearsed: a configuration's rules and print, and of the store all that came since then."""

    rules: Rulebook
    drop: Rules
    presses: Presses
    since: datetime
    now: datetime


class Named(Struct, frozen=True, kw_only=True):
    """An article as it is told of."""

    id: str
    title: str
    source: str
    first_seen: datetime


class Rehearsal(Struct, frozen=True, kw_only=True):
    """What came of it, by the store's numbers; `items` and `entries` tell of these."""

    articles: int  # of the window
    last: datetime | None  # when the newest of the store came
    renamed: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]  # sources that are no longer configured
    differences: tuple[Difference, ...]
    steps: tuple[Step, ...]
    feeds: tuple[Move, ...]
    leads: tuple[Led, ...]
    items: Mapping[int, Named]
    entries: Mapping[int, Named]  # by their leads

    @property
    def differs(self) -> bool:
        """Whether anything would be otherwise than it is."""
        return bool(self.differences or self.steps or self.feeds or self.leads)


def articles_since(store: Store, since: datetime) -> int:
    """How many articles there are to be rehearsed."""
    with store.looking() as connection:
        return extent(connection, first_row_since(connection, since))[0]


def rehearse(store: Store, play: Play, progress: Callable[[int, datetime], object]) -> Rehearsal:
    """Plays a configuration through; the store is seen as it is at one moment, and nothing in it is written."""
    with store.looking() as connection, TemporaryDirectory(prefix="copydesk-rehearsal-") as folder:
        scratch = open_store(f"sqlite:///{Path(folder, 'scratch.db')}", "rehearsal")
        try:
            return _rehearse(connection, scratch, play, progress)
        finally:
            scratch.close()


def _rehearse(
    connection: Connection, scratch: Store, play: Play, progress: Callable[[int, datetime], object]
) -> Rehearsal:
    known = known_sources(connection)
    names = dict(renamed(known, tuple(play.rules.sources.values())))
    first = first_row_since(connection, play.since)
    articles, last = extent(connection, first)
    _refuse_strange(known, names, play, last)
    past = Past(connection, names, first, Places())
    who = cast(play.rules, play.drop, known, names, decided_entries(connection))
    differences = tuple(reenact(past, scratch, who, play.rules, progress))
    standings = Standings(DryLedger(connection, names), play.rules, play.now)
    standings.at_once()
    at_once = list(standings.steps.values())
    standings.in_time(first)
    standings.consequences(past, {d.row: d for d in differences})
    listed = {n for one in known.values() if one.active for n in one.configured.sections}
    steps = (*standings.steps.values(), *closed(connection, play.presses, listed))
    feeds = tuple(feed_moves(connection, play.presses, at_once, play.now))
    leads = tuple(led_otherwise(past, standings.dry, who, {names.get(n, n): k for n, k in known.items()}, first))
    return Rehearsal(
        articles=articles,
        last=maybe_moment(last),
        renamed=tuple(names.items()),
        added=tuple(n for n in play.rules.sources if n not in who.numbers),
        gone=tuple(n for n, one in known.items() if one.active and n not in names and n not in play.rules.sources),
        differences=differences,
        steps=steps,
        feeds=feeds,
        leads=leads,
        items=_named(connection, names, _articles(differences, leads), entries=False),
        entries=_named(connection, names, _entries(differences, steps, feeds, leads), entries=True),
    )


def _refuse_strange(known: Mapping[str, Known], names: Mapping[str, str], play: Play, last: int | None) -> None:
    if last is None:
        raise StoreError("the store holds no article yet, so there is nothing to rehearse; run `copydesk poll` first")
    if not (known.keys() | set(names.values())) & play.rules.sources.keys():
        raise ConfigError(
            (
                "none of its sources was ever polled into its store.url, which holds those of another configuration; "
                "name the configuration of that store, or the store of this configuration",
            )
        )


def _articles(differences: Collection[Difference], leads: Collection[Led]) -> set[int]:
    joined = {n for d in differences for n in (d.row, d.counterpart) if n}
    return joined.union(n for one in leads for n in (one.before, one.after))


def _entries(
    differences: Collection[Difference], steps: Collection[Step], moves: Collection[Move], leads: Collection[Led]
) -> set[int]:
    joined = {n for d in differences for n in (d.before, d.after)}
    moved = {n for m in moves for n in (m.entry, m.before, m.after) if n}
    return joined | moved | {s.entry for s in steps} | {one.entry for one in leads}


def _named(
    connection: Connection, names: Mapping[str, str], numbers: Collection[int], *, entries: bool
) -> dict[int, Named]:
    return {
        number: Named(id=uid, title=title, source=names.get(source, source), first_seen=came)
        for part in parts(numbers)
        for number, uid, title, source, came in told_of(connection, part, entries=entries)
    }
