"""Merging: which entry of a story shows the others, in a section that makes one of them. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

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


@dataclass(frozen=True, slots=True)
class _Head:
    """An entry that shows its story; how many came before it, in all and of its source."""

    row: Listed
    before: int
    of_source: int


@dataclass(slots=True)
class _Feed:
    """A section's feed as it grows."""

    section: Section
    story_of: Mapping[str, str]
    heads: dict[str, _Head] = field(default_factory=dict)  # story -> the last that opened it
    shown: dict[str, str] = field(default_factory=dict)
    count: int = 0
    of_source: Counter[str] = field(default_factory=Counter)

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
            self.heads[self._story(row)] = _Head(row, self.count, self.of_source[row.source])
            self.shown[row.entry] = row.entry
            self.count += 1
            self.of_source[row.source] += 1

    def _story(self, row: Listed) -> str:
        return self.story_of.get(row.entry, row.entry)

    def _holds(self, head: _Head, now: datetime) -> bool:
        """Whether the feed holds it then, as `select` would choose; the last ten of any age do not count."""
        which = self.section
        newer = self.count - head.before - 1
        if which.per_source is not None and self.of_source[head.row.source] - head.of_source > which.per_source:
            return False
        if which.max_age is not None and head.row.published <= now - which.max_age:
            return False
        return newer < MAX_ENTRIES and (newer < which.limit or head.row.first > now - which.window)
