"""Where entries would stand by a configuration that is not in force: what enters sections and feeds, and what leaves.

At once, when it comes into force, sections are routed again (`bring_sections`): that code runs here over a ledger that
only notes. What comes of merging, parting and dropping counts from then on: what stands by then is left alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from feeds.dedupe.decide import lead
from feeds.dedupe.keys import Head
from feeds.model import Article, Section, Source
from feeds.pipeline.rehearsing import Difference
from feeds.pipeline.rerouting import bring_sections
from feeds.pipeline.routing import OLD_NEWS, belongs, route_again
from feeds.pipeline.rules import Rulebook
from feeds.store.codec import moment
from feeds.store.ledger import EntryRow
from feeds.store.rehearsal import DryLedger, Past, entries_between

TOGETHER = 500  # entries that are looked at together, each with its whole lead
EVER = 1 << 62


class Step(Struct, frozen=True, kw_only=True):
    """An entry that enters a section or its feed, or leaves it, and by which rule; the entry by its number."""

    section: str
    entry: int
    enters: bool
    why: str
    at_once: bool  # else: it is so with what comes from then on, and what stands stays


@dataclass(slots=True)
class Standings:
    """What changes in sections: at once, and from then on."""

    dry: DryLedger
    rules: Rulebook
    now: datetime
    changed: tuple[Section, ...] = ()  # whose rules are others
    steps: dict[tuple[str, int], Step] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of the sections by name."""
        return {name: row.id for name, row in self.dry.section_rows().items()}

    def at_once(self) -> None:
        """What leaves and enters when the rules come into force."""
        names = bring_sections(self.dry, self.rules, self.now)
        self.changed = tuple(one for one in self.rules.sections if one.name in names)
        self._tell(at_once=True)

    def in_time(self, first: int) -> None:
        """What of the window's entries is too old to enter by an afterthought, and would have when it came."""
        if not self.changed:
            return
        for part in entries_between(self.dry.connection, first, self.now - OLD_NEWS, TOGETHER):
            numbers = {number: True for number, _ in part}
            route_again(self.dry, self.rules, numbers, self.changed, moment(part[0][1]))
            self._tell(at_once=False)

    def _tell(self, *, at_once: bool) -> None:
        """Takes what the ledger has noted into the steps."""
        names = {number: name for name, number in self.numbers.items()}
        noted = dict.fromkeys(self.dry.entered, True) | dict.fromkeys(self.dry.left, False)
        fresh = {(s, e): enters for (s, e), enters in noted.items() if (names[s], e) not in self.steps}
        whys = self._whys({e for _, e in fresh})
        for (number, entry), enters in sorted(fresh.items()):
            why = whys.get((number, entry), "")
            if not at_once:
                why += (
                    "; too old to enter by an afterthought" if enters else "; too deep in the section to be looked at"
                )
            step = Step(section=names[number], entry=entry, enters=enters, why=why, at_once=at_once)
            self.steps[step.section, entry] = step
        if not at_once:
            self.dry.entered.clear()
            self.dry.left.clear()

    def _whys(self, entries: Collection[int]) -> dict[tuple[int, int], str]:
        """Why entries do, or do not, belong to the sections whose rules are others: by (section, entry)."""
        found = {}
        numbers = self.numbers
        for part in parts(entries):
            rows, heads, stands = self.dry.entries(part), self.dry.members(part), self.dry.sections_of(part)
            leads = self.dry.articles({row.lead_id for row in rows.values()})
            for number, row in rows.items():
                for one in self.changed:
                    inside = numbers[one.name] in stands.get(number, ())
                    carriers = carried(self.rules, heads[number])
                    found[numbers[one.name], number] = belongs(one, leads[row.lead_id], carriers, inside)[1]
        return found

    # ------------------------------------------------------------ what comes of merging, parting and dropping

    def consequences(self, past: Past, differences: Mapping[int, Difference]) -> None:
        """What entries that have other members, or others that are dropped, would enter and leave."""
        for part in parts(past.places.shaken):
            stage = _Stage(self, past, differences, part)
            for number in part:
                for step in stage.steps(number):
                    self.steps.setdefault((step.section, number), step)


def parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    """The numbers in order, so many at once."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), TOGETHER):
        yield ordered[start : start + TOGETHER]


def carried(rules: Rulebook, heads: Sequence[Head]) -> list[Source | None]:
    """The sources whose articles of an entry are shown; None: one that is no longer configured."""
    return [rules.sources.get(h.source) for h in heads if not h.dropped]


class _Stage:
    """Some entries as they are stored and as they would be."""

    def __init__(self, of: Standings, past: Past, differences: Mapping[int, Difference], part: list[int]) -> None:
        self.of, self.differences, dry = of, differences, of.dry
        self.dropped = past.places.dropped
        self.stored, self.now = dry.members(part), past.standing(part, EVER)
        came_from = {differences[h.row].before for hs in self.now.values() for h in hs if h.row in differences}
        self.rows: dict[int, EntryRow] = dry.entries({*part, *came_from})
        self.stands = dry.sections_of(part)
        self.leads = {n: self._lead(n) for n in part if self.now[n]}
        wanted = {*self.leads.values(), *(self.rows[n].lead_id for n in part if n in self.rows)}
        self.articles: dict[int, Article] = dry.articles(wanted)

    def _lead(self, number: int) -> int:
        """The stored lead while it is there, else the one that would have been chosen."""
        heads, row = self.now[number], self.rows.get(number)
        if row is not None and any(h.row == row.lead_id and not h.dropped for h in heads):
            return row.lead_id
        came = heads[0].first_seen
        return lead(heads, self.of.rules.sources, heads[0].row, came, came)

    def steps(self, number: int) -> Iterator[Step]:
        """What one entry enters and leaves because of its members."""
        section_numbers = self.of.numbers
        for one in self.of.rules.sections:
            inside = section_numbers[one.name] in self.stands.get(number, ())
            before = self._stored_belongs(number, one, inside)
            after, why = self._belongs(number, one, inside)
            if inside and before and not after:
                yield Step(section=one.name, entry=number, enters=False, why=why, at_once=False)
            elif not inside and after and not before and self._may_enter(number):
                yield Step(section=one.name, entry=number, enters=True, why=why, at_once=False)

    def _stored_belongs(self, number: int, one: Section, inside: bool) -> bool:
        row = self.rows.get(number)
        if row is None or number not in self.stored:
            return False
        carriers = carried(self.of.rules, self.stored[number])
        return belongs(one, self.articles[row.lead_id], carriers, inside)[0]

    def _belongs(self, number: int, one: Section, inside: bool) -> tuple[bool, str]:
        heads = self.now[number]
        if not heads:
            gone: Any = self.differences.get(number)
            return False, f"it becomes part of another entry ({gone.why})" if gone else "its articles go elsewhere"
        carriers = carried(self.of.rules, heads)
        rule = next((rule for h in heads if (rule := self.dropped.get(h.row))), None)
        if not carriers and rule:
            return False, rule
        return belongs(one, self.articles[self.leads[number]], carriers, inside)

    def _may_enter(self, number: int) -> bool:
        """What was kept out as the old news of a first poll stays out."""
        heads = self.now[number]
        origins = {number, *(self.differences[h.row].before for h in heads if h.row in self.differences)}
        if any(n in self.rows and self.rows[n].listed is not None for n in origins):
            return True
        return self.articles[self.leads[number]].published > heads[0].first_seen - OLD_NEWS
