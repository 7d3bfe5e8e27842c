"""Who leads an entry, chosen again for those whose members changed."""

from collections.abc import Collection

from feeds.dedupe.decide import lead
from feeds.pipeline.desk import Desk
from feeds.pipeline.routing import lead_in
from feeds.store.codec import moment


def choose_leads(desk: Desk, entries: Collection[int] | None = None) -> None:
    """Chooses the lead of these entries, else of all that are routed again; one that went elsewhere leads no more."""
    for number, heads in desk.ledger.members(desk.rerouted if entries is None else entries).items():
        row = desk.entries[number]
        before = row.lead_id
        chosen = lead(
            heads,
            desk.rules.sources,
            row.lead_id,
            moment(row.first_seen),
            desk.now,
            astray=number in desk.astray,
        )
        row.lead_id = chosen if any(h.row == chosen for h in heads) else heads[0].row
        if row.lead_id != before:
            desk.renamed.add(number)


def take_up(desk: Desk, entry: int, *, edits: bool) -> None:
    """Who leads an entry is decided before another document changes it, as if that came in a transaction of its own."""
    before = desk.turns.get(entry, desk.turn)
    if before != desk.turn and entry in desk.rerouted and (edits or entry in desk.edited):
        desk.pending.write()
        choose_leads(desk, [entry])
        lead_in(desk, entry)
        desk.astray.discard(entry)
    desk.turns[entry] = desk.turn
    if edits:
        desk.edited.add(entry)
