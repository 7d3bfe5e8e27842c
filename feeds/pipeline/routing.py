"""Routing: which sections an entry enters, and leaves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from feeds import sections
from feeds.dedupe.decide import agrees
from feeds.dedupe.keys import Head
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


def reroute(desk: Desk, numbers: Mapping[int, bool], among: Sequence[Section], *, lead_on: bool = True) -> None:
    """Routes entries again; the flag says whether one may enter. What stands nowhere yet must be no old news.

    A lead that would keep its entry out of every section leaves the lead to a copy that does not, with `lead_on`.
    """
    heads = desk.ledger.members(numbers)
    leads = desk.ledger.articles({desk.entries[n].lead_id for n in numbers})
    stands = _stands(desk, numbers)
    for number, may_enter in sorted(numbers.items()):
        row = desk.entries[number]
        carriers = [desk.rules.sources.get(h.source) for h in heads[number] if not h.dropped]
        may_enter = may_enter and (row.listed is not None or number in desk.news or _is_young(desk, row))
        inside = stands.setdefault(number, set())
        leading = leads[row.lead_id]
        if lead_on and len(carriers) > 1 and not _belongs_somewhere(desk, leading, carriers, inside):
            leading = _lead_on(desk, row, heads[number], carriers, inside) or leading
        for one in among:
            _route(desk, row, one, leading, carriers, inside, may_enter)
        if not inside and row.listed is not None:
            row.listed = None
            touch(desk, number)


def lead_in(desk: Desk, number: int) -> None:
    """Lets a copy lead by which an entry belongs to a section, where its lead would keep it out of every one."""
    row, heads = desk.entries[number], desk.ledger.members([number])[number]
    carriers = [desk.rules.sources.get(h.source) for h in heads if not h.dropped]
    inside = _stands(desk, [number]).get(number, set())
    leading = desk.ledger.articles([row.lead_id])[row.lead_id]
    if len(carriers) > 1 and not _belongs_somewhere(desk, leading, carriers, inside):
        _lead_on(desk, row, heads, carriers, inside)


def _stands(desk: Desk, numbers: Collection[int]) -> dict[int, set[int]]:
    """The sections that entries stand in."""
    stands = desk.ledger.sections_of(numbers)
    for section_id, number in desk.memberships:
        stands.setdefault(number, set()).add(section_id)
    return stands


def _is_young(desk: Desk, row: EntryRow) -> bool:
    return desk.now - moment(row.published) <= OLD_NEWS


def _belongs_somewhere(desk: Desk, leading: Article, carriers: Sequence[Source | None], inside: set[int]) -> bool:
    return any(belongs(one, leading, carriers, desk.section_ids[one.name] in inside)[0] for one in desk.rules.sections)


def _lead_on(
    desk: Desk, row: EntryRow, heads: Sequence[Head], carriers: Sequence[Source | None], inside: set[int]
) -> Article | None:
    """Lets another copy of the same words lead, by which the entry belongs to a section; None: there is none."""
    by = {head.row: head for head in heads if not head.dropped}
    old = by.get(row.lead_id)
    others = [h for h in by.values() if h is not old and (old is None or agrees(h, old, desk.rules.sources))]
    articles = desk.ledger.articles([h.row for h in others])
    for head in others:
        if _belongs_somewhere(desk, articles[head.row], carriers, inside):
            row.lead_id = head.row
            desk.renamed.add(row.id)
            touch(desk, row.id)
            return articles[head.row]
    return None


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
    reroute(desk, {n: may for n, may in numbers.items() if n in desk.entries}, among, lead_on=False)
    desk.touched |= {one.name: 0 for one in among if one.name not in desk.touched}
    write_entries(desk)
