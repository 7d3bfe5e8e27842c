"""Writing what a desk has gathered, and closing the polls that brought it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from feeds.model import Outcome, Poll
from feeds.pipeline.desk import Desk, touch
from feeds.pipeline.likeness import carry
from feeds.sections import ALL
from feeds.store import codec
from feeds.store.codec import micros
from feeds.store.decisions import aliases_of
from feeds.store.kin import kin_of
from feeds.store.ledger import EntryRow
from feeds.store.schema import entry, entry_section, poll, section, source
from feeds.store.store import state_columns

if TYPE_CHECKING:
    from feeds.pipeline.read import Read


def write_articles(desk: Desk) -> None:
    """Articles, their keys and their anchors."""
    desk.pending.write()
    desk.ledger.add_postings(desk.likeness.rows)
    carry(desk.ledger, desk.next_row - len(desk.pending.new), desk.next_row)
    fresh = {pair: row for pair, row in desk.new_keys.items() if pair not in desk.spoilt}
    fresh_spoilt: dict[tuple[int, int], int | None] = {p: None for p in sorted(desk.spoilt) if p not in desk.keyed}
    desk.ledger.add_keys(fresh | fresh_spoilt)
    desk.ledger.spoil_keys(sorted(p for p in desk.spoilt if desk.keyed.get(p) is not None))


def write_entries(desk: Desk) -> None:
    """Entries, where they stand, and which sections that changes."""
    ledger = desk.ledger
    _touch_kin(desk)
    ledger.add(entry, [_entry_columns(desk.entries[n]) for n in sorted(desk.new_entries)])
    ledger.change(entry, [_entry_columns(desk.entries[n]) for n in sorted(desk.changed_entries)])
    ledger.add(
        entry_section,
        [{"section_id": s, "entry_id": e, "first": first} for (s, e), first in desk.memberships.items()],
    )
    touch_sections(desk)
    _touch_aliases(desk)
    if desk.new_entries or desk.changed_entries or desk.touched:
        ledger.set_version(desk.version)


def _touch_kin(desk: Desk) -> None:
    """Pages and feeds that name an entry whose title is another now are rendered again."""
    kin = kin_of(desk.ledger, desk.renamed) if desk.renamed else set()
    desk.entries |= desk.ledger.entries(kin - desk.entries.keys())
    for number in sorted(kin):
        touch(desk, number)


def _touch_aliases(desk: Desk) -> None:
    """The pages of what went into a changed entry name it."""
    aliases = aliases_of(desk.ledger.connection, desk.changed_entries) if desk.changed_entries else ()
    desk.ledger.change(entry, [{"id": number, "version": desk.version} for number in sorted(aliases)])


def _entry_columns(row: EntryRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in EntryRow.__slots__}


def touch_sections(desk: Desk) -> None:
    """Sections of what entered, left or changed get the new content version; their `updated` never goes back."""
    names = {section_id: name for name, section_id in desk.section_ids.items()}
    for number, inside in desk.ledger.sections_of(desk.changed_entries).items():
        for name in (names[section_id] for section_id in inside if section_id in names):
            desk.touched[name] = max(desk.touched.get(name, 0), desk.entries[number].updated)
    if desk.touched and ALL in desk.section_ids:
        desk.touched[ALL] = max(desk.touched.values())
    rows = desk.ledger.section_rows() if desk.touched else {}
    begun = micros(desk.now.replace(microsecond=0))  # of a section that is new: its feeds are empty since then
    desk.ledger.change(
        section,
        [
            {"id": rows[n].id, "version": desk.version, "updated": max(rows[n].updated or begun, updated)}
            for n, updated in sorted(desk.touched.items())
        ],
    )


def close(desk: Desk, reads: "Sequence[Read]", polls: Sequence[Poll]) -> None:
    """Validators, next poll, lease and log: in the transaction of the articles they vouch for."""
    ledger = desk.ledger
    with_list: list[dict[str, Any]] = []
    without: list[dict[str, Any]] = []
    for read in reads:
        row = desk.source_rows[read.source.name]
        columns = state_columns(read.state, read.source.url, private=read.source.private)
        columns |= {"id": row.id, "lease_until": None}
        if read.poll.outcome is Outcome.FRESH:
            with_list.append(columns | {"listed": codec.pack(read.state.listed)})
        else:
            without.append(columns)
    ledger.change(source, with_list)
    ledger.change(source, without)
    ledger.add(
        poll,
        [
            {
                "source_id": desk.source_rows[p.source].id,
                "at": micros(p.at),
                "outcome": p.outcome,
                "data": codec.dump(p),
            }
            for p in polls
        ],
    )
    hosts = {r.host for r in reads}
    if hosts:
        ledger.free_hosts(hosts, desk.now, desk.now + desk.rules.spacing)
    for read in reads:
        if read.host_free_at is not None:
            ledger.bind_host(read.host, read.host_free_at)
