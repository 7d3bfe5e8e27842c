"""Routing: which sections an entry enters, and leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from feeds import sections
from feeds.model import Article, Section, Source
from feeds.pipeline.desk import Desk, Rulebook, touch
from feeds.pipeline.writing import write_entries
from feeds.store.codec import micros, moment
from feeds.store.ledger import EntryRow, Ledger

OLD_NEWS = timedelta(hours=48)  # older than this, an entry does not enter a section by an afterthought


def enter(desk: Desk, origin: Source, settled: Article, number: int) -> bool:
    """Puts a new entry of one into every section that it belongs to."""
    for one in desk.rules.sections:
        if sections.route(one, settled, one.name in origin.sections)[0]:
            list_in(desk, desk.entries[number], one.name)
    return desk.entries[number].listed is not None


def list_in(desk: Desk, row: EntryRow, name: str) -> None:
    """Puts an entry into a section."""
    desk.memberships.append({"section_id": desk.section_ids[name], "entry_id": row.id, "first": micros(desk.now)})
    row.listed = row.listed or micros(desk.now)
    desk.touched[name] = max(desk.touched.get(name, 0), row.updated)


def unlist(desk: Desk, row: EntryRow, name: str) -> None:
    """Takes an entry out of a section."""
    number = desk.section_ids[name]
    desk.ledger.drop_from_section(number, [row.id])
    desk.memberships = [m for m in desk.memberships if (m["section_id"], m["entry_id"]) != (number, row.id)]
    desk.touched.setdefault(name, 0)
    touch(desk, row.id)


def reroute(desk: Desk, numbers: Mapping[int, bool], among: Sequence[Section]) -> None:
    """Routes entries again; one that stands nowhere yet enters only when it may, and is no old news."""
    ledger, ids = desk.ledger, desk.section_ids
    heads = ledger.members(numbers)
    leads = ledger.articles({desk.entries[n].lead_id for n in numbers})
    stands = ledger.sections_of(numbers)
    for added in desk.memberships:
        stands.setdefault(added["entry_id"], set()).add(added["section_id"])
    for number, may_enter in sorted(numbers.items()):
        row = desk.entries[number]
        carriers = [
            desk.rules.sources[h.source] for h in heads[number] if h.source in desk.rules.sources and not h.dropped
        ]
        fresh = may_enter and desk.now - moment(row.published) <= OLD_NEWS
        for one in among:
            listed = any(one.name in c.sections for c in carriers)
            belongs = bool(carriers) and sections.route(one, leads[row.lead_id], listed)[0]
            inside = ids[one.name] in stands.get(number, ())
            if belongs and not inside and (fresh or row.listed is not None):
                list_in(desk, row, one.name)
                touch(desk, number)
            elif inside and not belongs:
                unlist(desk, row, one.name)


def route_again(
    ledger: Ledger, rules: Rulebook, numbers: Mapping[int, bool], among: Sequence[Section], now: datetime
) -> None:
    """Routes stored entries again, by the rules of some sections; the flag says whether one may enter."""
    desk = Desk(ledger, rules, now, ledger.next_version(), {}, {n: r.id for n, r in ledger.section_rows().items()}, 0)
    desk.entries = ledger.entries(numbers)
    reroute(desk, {n: may for n, may in numbers.items() if n in desk.entries}, among)
    desk.touched |= {one.name: 0 for one in among}
    write_entries(desk)
