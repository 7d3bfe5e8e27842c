"""What the feeds of sections would hold by a configuration that is not in force, beside what they hold now."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from feeds.model import Section
from feeds.pipeline.choosing import CANDIDATES_CAPPED
from feeds.pipeline.layout import Layout
from feeds.pipeline.standing import Step
from feeds.pipeline.views import Press
from feeds.store.rehearsal import Then
from feeds.store.shelf import Line, Shelf

SHAPE = ("limit", "window", "max_age", "per_source", "stories")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presses:
    """What decides the print: by the configuration that is rehearsed, and by the one in force, where that is known."""

    new: Press
    old: Press | None

    def before(self, name: str) -> Section | None:
        """A section as it is in force."""
        return next((s for s in self.old.sections if s.name == name), None) if self.old else None


def feed_steps(connection: Connection, presses: Presses, steps: Collection[Step], now: datetime) -> Iterator[Step]:
    """What enters and leaves feeds whose sections have another shape or others in them, and is no step of a section."""
    entered, left = _by_section(steps, enters=True), _by_section(steps, enters=False)
    then = Then(connection, now, entered, left)
    for one in presses.new.sections:
        old = presses.before(one.name) or (None if presses.old else one)
        moved = one.name in entered or one.name in left
        if old is not None and (moved or _shape(old) != _shape(one)):
            before = Layout(Shelf(connection), presses.old or presses.new, {}).choose(old, now).entries
            after = Layout(then, presses.new, {}).choose(one, now).entries
            known = {*entered.get(one.name, ()), *left.get(one.name, ())}
            yield from _differences(then, one, old, set(before) - known, set(after) - known, now)


def closed(connection: Connection, presses: Presses, listed: Collection[str]) -> Iterator[Step]:
    """What leaves with sections that are no longer configured; `listed`: those that the store's sources name."""
    names = {*listed, *(s.name for s in presses.old.sections)} if presses.old else set(listed)
    for name in sorted(names - {s.name for s in presses.new.sections}):
        for line in Shelf(connection).lines(name, CANDIDATES_CAPPED):
            why = "the section is no longer configured"
            yield Step(section=name, entry=line.entry, enters=False, why=why, at_once=True)


def _by_section(steps: Collection[Step], *, enters: bool) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in steps:
        if one.at_once and one.enters == enters:
            found.setdefault(one.section, set()).add(one.entry)
    return found


def _shape(one: Section) -> tuple[object, ...]:
    return tuple(getattr(one, key) for key in SHAPE)


def _differences(
    then: Then, one: Section, old: Section, before: set[int], after: set[int], now: datetime
) -> Iterator[Step]:
    changed = [_key(one, key, old) for key in SHAPE if getattr(one, key) != getattr(old, key)]
    room = ", ".join(changed) or "there is room for it"
    lines = {line.entry: line for line in then.lines(one.name, CANDIDATES_CAPPED)}
    for number in sorted(after - before):
        yield Step(section=one.name, entry=number, enters=True, why=room, at_once=True)
    for number in sorted(before - after):
        why = _why_out(one, number, lines, now) if changed else "newer ones take its place"
        yield Step(section=one.name, entry=number, enters=False, why=why, at_once=True)


def _why_out(one: Section, number: int, lines: Mapping[int, Line], now: datetime) -> str:
    """Which bound of a feed's shape leaves an entry out."""
    line = lines.get(number)
    if line is None:
        return "newer ones take its place"
    if one.max_age is not None and line.published <= now - one.max_age:
        return f"older than {_key(one, 'max_age')}"
    newer = [
        o for o in lines.values() if o.source == line.source and (o.first, o.published) > (line.first, line.published)
    ]
    if one.per_source is not None and len(newer) >= one.per_source:
        return f"beyond {_key(one, 'per_source')}"
    return f"beyond {_key(one, 'limit')} and {_key(one, 'window')}"


def _key(one: Section, key: str, old: Section | None = None) -> str:
    """A key of a section as it is configured, and what it was."""
    was = f" (was {_said(getattr(old, key))})" if old is not None else ""
    return f"{key} = {_said(getattr(one, key))}{was}"


def _said(value: object) -> str:
    if not isinstance(value, timedelta):
        return "unset" if value is None else str(value)
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if value.total_seconds() % length == 0:
            return f"{value.total_seconds() / length:.0f}{unit}"
    return f"{value.total_seconds():.0f}s"
