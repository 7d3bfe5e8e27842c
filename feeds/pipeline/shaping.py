"""What the feeds of sections would show by a configuration that is not in force, beside what they show now."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection

from feeds.model import Section
from feeds.pipeline.choosing import CANDIDATES_CAPPED, chosen
from feeds.pipeline.layout import Choice, Layout
from feeds.pipeline.standing import Step
from feeds.pipeline.views import Press
from feeds.store.rehearsal import Then
from feeds.store.shelf import Line, Shelf

SHAPE = ("limit", "window", "max_age", "per_source", "stories")


class Presses(Struct, frozen=True, kw_only=True):
    """What decides the print: by the configuration that is rehearsed, and by the one in force, where that is known."""

    new: Press
    old: Press | None

    def before(self, name: str) -> Section | None:
        """A section as it is in force."""
        return next((s for s in self.old.sections if s.name == name), None) if self.old else None


class Move(Struct, frozen=True, kw_only=True):
    """An entry that a section's feeds show otherwise than now: by itself, inside of another, or not at all.

    `before` and `after` are the entries that show it, by number: itself, another one, or none.
    """

    section: str
    entry: int
    before: int | None
    after: int | None
    why: str


def feed_moves(connection: Connection, presses: Presses, steps: Collection[Step], now: datetime) -> Iterator[Move]:
    """What moves in feeds whose sections have another shape or others in them, and is no step of a section."""
    entered, left = _by_section(steps, enters=True), _by_section(steps, enters=False)
    then = Then(connection, now, entered, left)
    for one in presses.new.sections:
        old = presses.before(one.name) or (None if presses.old else one)
        known = _Known(frozenset(entered.get(one.name, ())), frozenset(left.get(one.name, ())))
        if _may_differ(one, old, known):
            choices = Layout(Shelf(connection), presses.old or presses.new, {}), Layout(then, presses.new, {})
            before = _places(choices[0].choose(old, now)) if old else {}
            yield from _moves(_Feed(then, one, old, known, now), before, _places(choices[1].choose(one, now)))


def closed(connection: Connection, presses: Presses, listed: Collection[str]) -> Iterator[Step]:
    """What leaves with sections that are no longer configured; `listed`: those that the store's sources name."""
    names = {*listed, *(s.name for s in presses.old.sections)} if presses.old else set(listed)
    for name in sorted(names - {s.name for s in presses.new.sections}):
        for line in Shelf(connection).lines(name, CANDIDATES_CAPPED):
            why = "the section is no longer configured"
            yield Step(section=name, entry=line.entry, enters=False, why=why, at_once=True)


def said(one: object, key: str, old: object = None) -> str:
    """A key of a section or a source as it is configured, and what it was."""
    was = f" (was {_value(getattr(old, key))})" if old is not None else ""
    return f"{key} = {_value(getattr(one, key))}{was}"


class _Known(Struct, frozen=True):
    """Entries of a section that are told of as its steps: what enters and leaves it at once."""

    entered: frozenset[int]
    left: frozenset[int]


class _Feed(Struct, frozen=True):
    """A section's feed as it would be."""

    then: Then
    one: Section
    old: Section | None  # in force
    known: _Known
    now: datetime


def _by_section(steps: Collection[Step], *, enters: bool) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in steps:
        if one.at_once and one.enters == enters:
            found.setdefault(one.section, set()).add(one.entry)
    return found


def _may_differ(one: Section, old: Section | None, known: _Known) -> bool:
    if old is None:  # all of a new section are steps, but for which of them stand inside others
        return one.stories == "merge"
    return bool(known.entered or known.left) or any(getattr(one, key) != getattr(old, key) for key in SHAPE)


def _places(choice: Choice) -> dict[int, int]:
    """By entry that a feed shows, the one that shows it."""
    inside = {other: head for head, others in choice.inside.items() for other in others}
    return {number: number for number in choice.entries} | inside


def _moves(feed: _Feed, before: Mapping[int, int], after: Mapping[int, int]) -> Iterator[Move]:
    one, old, known = feed.one, feed.old, feed.known
    changed = ", ".join(said(one, key, old) for key in SHAPE if old and getattr(one, key) != getattr(old, key))
    outside = _Outside(feed) if changed else None
    for number in sorted((before.keys() | after.keys()) - known.left):
        was, then = before.get(number), after.get(number)
        if number in known.entered:  # its step says that it comes
            was = then and number
        if was == then:
            continue
        if was is None:
            why = changed or "there is room for it"
        elif then is None:
            why = outside.why(number) if outside else "newer ones take its place"
        else:
            why = changed or _why_elsewhere(number, was, known)
        yield Move(section=one.name, entry=number, before=was, after=then, why=why)


def _why_elsewhere(number: int, was: int, known: _Known) -> str:
    if number in known.entered:
        return "it comes while its story stands there"
    return "what showed it leaves the section" if was in known.left else "others leave the section"


class _Outside:
    """Which bound of a feed's shape leaves an entry out."""

    def __init__(self, feed: _Feed) -> None:
        self.one, self.now = feed.one, feed.now
        self.choice = chosen(feed.then, feed.one, feed.now)
        inside = {other for others in self.choice.inside.values() for other in others}
        lines = feed.then.lines(feed.one.name, CANDIDATES_CAPPED)
        self.lines: dict[int, Line] = {line.entry: line for line in lines if line.entry not in inside}

    def why(self, number: int) -> str:
        """The bound, as it is configured; of what stands inside another, that other's."""
        one, line = self.one, self.lines.get(self.choice.head(number))
        if line is None:
            return "newer ones take its place"
        if one.max_age is not None and line.published <= self.now - one.max_age:
            return f"older than {said(one, 'max_age')}"
        own = (other for other in self.lines.values() if other.source == line.source)
        newer = [other for other in own if (other.first, other.published) > (line.first, line.published)]
        if one.per_source is not None and len(newer) >= one.per_source:
            return f"beyond {said(one, 'per_source')}"
        return f"beyond {said(one, 'limit')} and {said(one, 'window')}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, timedelta):
        return "unset" if value is None else str(value)
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if value.total_seconds() % length == 0:
            return f"{value.total_seconds() / length:.0f}{unit}"
    return f"{value.total_seconds():.0f}s"
