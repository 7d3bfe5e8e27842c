"""Choosing: which entries a section's feeds hold, and which of these show others of their story."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from feeds import sections
from feeds.model import Section
from feeds.pipeline.merging import standing, told_by
from feeds.sections import ALL
from feeds.store.kin import stories_of
from feeds.store.shelf import Line, Shelf

CANDIDATES = 600  # of a section, for 500 that a feed may hold
SPARE = 100  # beyond a section's limit: mostly enough to see that what follows is older
CANDIDATES_CAPPED = 5000  # where one source may take so many places that others come far behind
CANDIDATES_MERGED = 1000  # where stories are one entry each, and began long before what a feed holds
LONGEST_STORY = timedelta(days=20)  # none lasts longer: each day costs what it is told by


class Chosen(Struct, frozen=True, kw_only=True):
    """What of a section its feeds show, before these are weighed; numbers are the store's own."""

    lines: Sequence[Line]  # what there was to choose from
    entries: tuple[int, ...]  # in the order of print
    next_change: datetime | None  # when age alone shows something else
    inside: Mapping[int, tuple[int, ...]]  # by the entry that shows them, in the feeds or not: others, newest first

    def head(self, number: int) -> int:
        """The entry that shows this one: itself, where it stands in no other."""
        return next((head for head, others in self.inside.items() if number in others), number)


def chosen(shelf: Shelf, which: Section, as_of: datetime) -> Chosen:
    """What a section's feeds show as of then."""
    if which.stories != "merge":
        lines = _lines(shelf, which, as_of)
        return _chosen(lines, sections.select(which, [_listed(line) for line in lines], as_of), {})
    for most in (CANDIDATES_MERGED, CANDIDATES_CAPPED):
        lines = shelf.lines(which.name, most)
        found = _as_stories(shelf, which, lines, as_of)
        shown = set(found.entries)
        oldest = min((line.first for line in lines if line.entry in shown), default=as_of)
        if len(lines) < most or lines[-1].first < oldest - LONGEST_STORY:
            break
    return found


def _as_stories(shelf: Shelf, which: Section, lines: Sequence[Line], as_of: datetime) -> Chosen:
    stories = stories_of(shelf, [line.entry for line in lines])
    rows = [_listed(line) for line in lines]
    names = {_name(n): _name(s) for n, s in stories.items()}
    told = told_by(which, rows, names)
    inside: dict[int, list[int]] = {}
    for line in lines:
        if (head := int(told[_name(line.entry)])) != line.entry:
            inside.setdefault(head, []).append(line.entry)
    selection = sections.select(which, standing(rows, told, names), as_of)
    return _chosen(lines, selection, {head: tuple(entries) for head, entries in inside.items()})


def _chosen(lines: Sequence[Line], selection: sections.Selection, inside: Mapping[int, tuple[int, ...]]) -> Chosen:
    entries = tuple(int(number) for number in selection.entries)
    return Chosen(lines=lines, entries=entries, next_change=selection.next_change, inside=inside)


def _lines(shelf: Shelf, which: Section, as_of: datetime) -> list[Line]:
    """The newest of a section, as many as its selection may have to choose from."""
    newest = shelf.all_lines if which.name == ALL else partial(shelf.lines, which.name)
    if which.per_source is None and which.max_age is None:
        few = newest(which.limit + SPARE)
        if len(few) < which.limit + SPARE or _decides(few[-1], few[which.limit - 1], as_of - which.window):
            return few
    return newest(CANDIDATES if which.per_source is None else CANDIDATES_CAPPED)


def _decides(last: Line, bound: Line, since: datetime) -> bool:
    """Whether what comes after `last` can be left out: it came before the last that counts, and before the window."""
    return last.first < bound.first and last.first <= since


def _listed(line: Line) -> sections.Listed:
    return sections.Listed(entry=_name(line.entry), source=line.source, first=line.first, published=line.published)


def _name(number: int) -> str:
    """As selection calls an entry; ordered as the numbers are."""
    return f"{number:020d}"
