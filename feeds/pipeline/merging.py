"""Merging: which entry of a story shows the others, in a section that makes one of them. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from feeds.model import Section
from feeds.sections import MAX_ENTRIES, Listed, newest_first


def told_by(section: Section, rows: Collection[Listed], story_of: Mapping[str, str]) -> dict[str, str]:
    """By entry, the one that shows it: itself, or the entry by which its story stands in the section's feeds.

    An entry that comes while its story stands there goes into that; one that comes later opens the story anew. So
    nothing new is missing from a feed, no story stands there twice, and what comes later moves nobody. `story_of`
    may leave out what is alone.
    """
    together: dict[tuple[str, datetime, datetime], list[str]] = {}
    for row in rows:
        together.setdefault((story_of.get(row.entry, row.entry), row.first, row.published), []).append(row.entry)
    alike = {min(entries): entries for entries in together.values()}  # of equals the first to be stored
    firsts = [row for row in rows if row.entry in alike]
    desk = _Feed(section, story_of)
    for _, batch in groupby(reversed(newest_first(firsts)), key=attrgetter("first")):
        desk.take(list(batch))
    return {entry: desk.shown[first] for first, entries in alike.items() for entry in entries}


def standing(rows: Collection[Listed], told: Mapping[str, str], story_of: Mapping[str, str]) -> list[Listed]:
    """Those that a feed may hold, once it is known who shows whom: by each story the last entry that opened it.

    The others had left when that came; age could bring them back beside it, by letting go of what pushed them out.
    """
    opened = newest_first(row for row in rows if told[row.entry] == row.entry)
    return list({story_of.get(row.entry, row.entry): row for row in reversed(opened)}.values())


class _Head(Struct, frozen=True):
    """An entry that shows its story; how many came before it."""

    row: Listed
    before: int


@dataclass(slots=True)
class _Feed:
    """A section's feed as it grows."""

    section: Section
    story_of: Mapping[str, str]
    heads: dict[str, _Head] = field(default_factory=dict)  # story -> the last that opened it, in the order of opening
    shown: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def take(self, batch: Sequence[Listed]) -> None:
        """What comes at one time, the newest last; who opens a story may push another out, which is opened anew."""
        waiting, before = list(batch), -1
        while self.count != before:
            before = self.count
            waiting = list(self._not_opening(waiting))
        self.shown |= {row.entry: self.heads[self._story(row)].row.entry for row in waiting}

    def _not_opening(self, rows: Sequence[Listed]) -> Iterator[Listed]:
        for row in rows:
            head = self.heads.get(self._story(row))
            if head is not None and self._holds(head, row.first):
                yield row
                continue
            self.heads.pop(self._story(row), None)
            self.heads[self._story(row)] = _Head(row, self.count)
            self.shown[row.entry] = row.entry
            self.count += 1

    def _story(self, row: Listed) -> str:
        return self.story_of.get(row.entry, row.entry)

    def _holds(self, head: _Head, now: datetime) -> bool:
        """Whether the feed holds it then, as `select` would choose; what is too old is only spared, and makes room."""
        which = self.section
        if which.max_age is not None and head.row.published <= now - which.max_age:
            return False
        if which.per_source is None and which.max_age is None:
            return self._has_room(self.count - head.before - 1, head.row, now)
        for place, row in enumerate(self._counted(now)):
            if row is head.row or not self._has_room(place, head.row, now):
                return self._has_room(place, head.row, now)
        return False

    def _has_room(self, newer: int, row: Listed, now: datetime) -> bool:
        """Whether one with so many newer ones before it may stand there."""
        which = self.section
        return newer < MAX_ENTRIES and (newer < which.limit or row.first > now - which.window)

    def _counted(self, now: datetime) -> Iterator[Listed]:
        """Those that are young enough, as far as the caps of their sources reach, newest first."""
        which = self.section
        counts: Counter[str] = Counter()
        for row in (head.row for head in reversed(self.heads.values())):
            old = which.max_age is not None and row.published <= now - which.max_age
            if not old and (which.per_source is None or counts[row.source] < which.per_source):
                counts[row.source] += 1
                yield row
