"""Routing: which sections an entry enters, and leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from feeds import sections
from feeds.model import Article, Section, Source
from feeds.pipeline.desk import Desk, touch
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.writing import write_entries
from feeds.store.codec import micros, moment
from feeds.store.ledger import EntryRow, Ledger

OLD_NEWS = timedelta(hours=48)  # older than this, an entry does not enter a section by an afterthought


def enter(desk: Desk, origin: Source, settled: Article, number: int) -> bool:
    """Puts a new entry of one into every section that it belongs to."""
    for one in desk.rules.sections:
        listed = one.name in origin.sections
        if (listed or one.match) and sections.route(one, settled, listed)[0]:
            list_in(desk, desk.entries[number], one.name)
    return desk.entries[number].listed is not None


def list_in(desk: Desk, row: EntryRow, name: str) -> None:
    """Puts an entry into a section."""
    desk.memberships[desk.section_ids[name], row.id] = micros(desk.now)
    row.listed = row.listed or micros(desk.now)
    desk.touched[name] = max(desk.touched.get(name, 0), row.updated)


def unlist(desk: Desk, row: EntryRow, name: str) -> None:
    """Takes an entry out of a section."""
    number = desk.section_ids[name]
    desk.ledger.drop_from_section(number, [row.id])
    desk.memberships.pop((number, row.id), None)
    desk.touched.setdefault(name, 0)
    touch(desk, row.id)


def reroute(desk: Desk, numbers: Mapping[int, bool], among: Sequence[Section]) -> None:
    """Routes entries again; the flag says whether one may enter. What stands nowhere yet must be no old news."""
    heads = desk.ledger.members(numbers)
    leads = desk.ledger.articles({desk.entries[n].lead_id for n in numbers})
    stands = desk.ledger.sections_of(numbers)
    for section_id, number in desk.memberships:
        stands.setdefault(number, set()).add(section_id)
    for number, may_enter in sorted(numbers.items()):
        row = desk.entries[number]
        carriers = [desk.rules.sources.get(h.source) for h in heads[number] if not h.dropped]
        may_enter = may_enter and (row.listed is not None or desk.now - moment(row.published) <= OLD_NEWS)
        inside = stands.setdefault(number, set())
        for one in among:
            _route(desk, row, one, leads[row.lead_id], carriers, inside, may_enter)
        if not inside and row.listed is not None:
            row.listed = None
            touch(desk, number)


def _route(
    desk: Desk,
    row: EntryRow,
    one: Section,
    leading: Article,
    carriers: Sequence[Source | None],
    inside: set[int],
    may: bool,
) -> None:
    """Into a section, or out of it; what a source brought that is no longer configured (None) stays where it is."""
    number = desk.section_ids[one.name]
    fits = belongs(one, leading, carriers, number in inside)[0]
    if fits and number not in inside and may:
        inside.add(number)
        list_in(desk, row, one.name)
        touch(desk, row.id)
    elif number in inside and not fits:
        inside.remove(number)
        unlist(desk, row, one.name)


def belongs(one: Section, leading: Article, carriers: Sequence[Source | None], stands: bool) -> tuple[bool, str]:
    """Whether an entry belongs to a section, and why; `stands`: it is there now."""
    if not carriers:
        return False, "none of its articles is shown"
    listed = any(stands if c is None else one.name in c.sections for c in carriers)
    return sections.route(one, leading, listed)


def route_again(
    ledger: Ledger, rules: Rulebook, numbers: Mapping[int, bool], among: Sequence[Section], now: datetime
) -> None:
    """Routes stored entries again, by the rules of some sections; the flag says whether one may enter."""
    desk = Desk(ledger, rules, now, version=ledger.version() + 1)
    desk.section_ids = {n: r.id for n, r in ledger.section_rows().items()}
    desk.entries = ledger.entries(numbers)
    reroute(desk, {n: may for n, may in numbers.items() if n in desk.entries}, among)
    desk.touched |= {one.name: 0 for one in among if one.name not in desk.touched}
    write_entries(desk)
