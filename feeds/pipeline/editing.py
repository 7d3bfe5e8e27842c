"""Editing: entries become one after they were there, or part; by a person, or by the rules (late merges and splits).

Everything happens in one transaction of the one decider. No id changes: the older entry lives, the younger is its
alias from then on and keeps its page, its date and its places in sections until `split` brings it back.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from feeds.dedupe.families import Family, apart, part, survivor, unite
from feeds.dedupe.keys import draft
from feeds.errors import RefusedError
from feeds.model import Article, Decision, EntryState, Member
from feeds.pipeline.desk import Desk, new_head, open_entry, touch
from feeds.pipeline.grouping import group
from feeds.pipeline.leading import choose_leads
from feeds.pipeline.likeness import likeness, note
from feeds.pipeline.routing import OLD_NEWS, list_in, reroute
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.writing import write_entries
from feeds.store import codec, decisions
from feeds.store.codec import micros
from feeds.store.ledger import Ledger
from feeds.store.schema import article

BY_HAND = "by hand"


class Order(Struct, frozen=True, kw_only=True):
    """Who asks for it, and why; nobody in particular: the rules."""

    person: str | None
    reason: str = ""


class Edited(Struct, frozen=True, kw_only=True):
    """What came of it; entries by the store's own numbers."""

    stays: int
    other: int  # came out, or went in
    decision: Decision


def open_editing(ledger: Ledger, rules: Rulebook, now: datetime, entries: Collection[int]) -> Desk:
    """A desk with these entries on it."""
    desk = Desk(ledger, rules, now, version=ledger.version() + 1)
    desk.section_ids = {n: r.id for n, r in ledger.section_rows().items()}
    desk.entries = ledger.entries(entries)
    return desk


# ---------------------------------------------------------------- join


def join(ledger: Ledger, rules: Rulebook, one: int, other: int, order: Order, now: datetime) -> Edited:
    """Makes one entry of those that two articles stand in; what kept them apart is lifted."""
    first, second = (decisions.family_of(ledger, number) for number in (one, other))
    if first.root == second.root:
        raise RefusedError("they are one entry already; name two entries")
    desk = open_editing(ledger, rules, now, {first.root, second.root})
    decisions.lift(ledger, apart(first, second))
    listed = {n for n, row in desk.entries.items() if row.listed is not None}
    if survivor(first.root, second.root, listed) != first.root:
        first, second = second, first
    evidence = Member(article="", source="", rule=BY_HAND, joined=now)
    return merge(desk, first, second, evidence, order, kind="join")


def merge(desk: Desk, one: Family, other: Family, evidence: Member, order: Order, *, kind: str) -> Edited:
    """Lets the other entry go into the one; `evidence` is why its first article stands there from now on."""
    ledger, firsts = desk.ledger, desk.ledger.firsts(other.root)
    before = dict(decisions.evidence_of(ledger, other.homes))
    heads = {h.row: h for h in ledger.members({other.root})[other.root]}
    counterpart = evidence.counterpart or _uid(ledger, desk.entries[one.root].lead_id)
    why = replace(evidence, counterpart=counterpart, text_key=heads[other.root].text_key)
    decisions.settle_family(ledger, unite(one, other))
    ledger.change(article, [{"id": other.root, "evidence": codec.dump(why)}])
    desk.entries[other.root].state = EntryState.MERGED
    _repost(desk, other, one.root, {other.root})
    desk.renamed |= {one.root, other.root}
    touch(desk, one.root)
    touch(desk, other.root)
    _route(desk, {one.root: True})
    for section, number in list(desk.memberships):  # it takes the other's place
        if number == one.root and section in firsts:
            desk.memberships[section, number] = firsts[section]
    write_entries(desk)
    return _noted(desk, one.root, other.root, kind, order, before)


# ---------------------------------------------------------------- split


def split(ledger: Ledger, rules: Rulebook, member: int, order: Order, now: datetime, *, kind: str = "split") -> Edited:
    """Takes an article out of its entry for good, or an entry that once went into it."""
    family = decisions.family_of(ledger, member)
    parting = part(family, member)
    if parting is None:
        raise RefusedError("it is the only article of its entry; there is nothing to split")
    stays, leaves = parting.stays, parting.leaves
    desk = open_editing(ledger, rules, now, {stays.root, leaves.root})
    before = dict(decisions.evidence_of(ledger, leaves.homes))
    decisions.settle_family(ledger, stays)
    decisions.settle_family(ledger, leaves)
    ledger.change(article, [{"id": leaves.root, "evidence": None}])
    first = ledger.articles({leaves.root})[leaves.root]
    begins = leaves.root not in desk.entries
    if begins:
        _begin(desk, leaves.root, first, stays.root)
    desk.entries[leaves.root].state = EntryState.LIVE
    _repost(desk, leaves, leaves.root, ())
    desk.renamed |= {stays.root, leaves.root}
    touch(desk, stays.root)
    touch(desk, leaves.root)
    _route(desk, {stays.root: True, leaves.root: True})
    if begins:
        _place(desk, leaves.root, first)
    write_entries(desk)
    return _noted(desk, stays.root, leaves.root, kind, order, before)


def _begin(desk: Desk, number: int, first: Article, beside: int) -> None:
    """An entry that its article opens now, in the sections where it stood until now."""
    open_entry(desk, number, first)
    names = {section_id: name for name, section_id in desk.section_ids.items()}
    configured = {one.name for one in desk.rules.sections}
    for section_id in sorted(desk.ledger.firsts(beside)):
        if names.get(section_id) in configured:
            list_in(desk, desk.entries[number], names[section_id])


def _place(desk: Desk, number: int, first: Article) -> None:
    """What is young is shown as new, the other where it would stand; and each with its story."""
    since = micros(desk.now if desk.now - first.first_seen <= OLD_NEWS else first.first_seen)
    for section, entered in desk.memberships:
        if entered == number:
            desk.memberships[section, entered] = since
    if desk.entries[number].listed is not None:
        desk.opened.append((number, first))
        group(desk)


# ---------------------------------------------------------------- both


def _route(desk: Desk, entries: Mapping[int, bool]) -> None:
    desk.rerouted = dict(entries)
    choose_leads(desk)
    reroute(desk, entries, desk.rules.sections)


def _repost(desk: Desk, family: Family, entry: int, away: Collection[int]) -> None:
    """Lets copies of a family's texts find that entry, and no longer those `away`."""
    sources = desk.rules.sources
    heads = [h for h in desk.ledger.members({entry})[entry] if h.row in family.homes and not h.dropped]
    heads = [h for h in heads if h.source not in sources or sources[h.source].dedupe]
    articles = desk.ledger.articles([h.row for h in heads])
    drafts = {h.row: draft(articles[h.row]) for h in heads}
    if away:
        desk.ledger.forget_postings({a for one in drafts.values() for a in one.anchors}, away)
    at_hand = likeness(desk.ledger, list(drafts.values()), desk.now)
    for row, one in drafts.items():
        note(at_hand, one, new_head(one, row, entry), new=False)
    desk.ledger.add_postings(at_hand.rows)


def _noted(desk: Desk, stays: int, other: int, kind: str, order: Order, before: Mapping[int, Member]) -> Edited:
    """Keeps the decision; what a person split stays so."""
    said = Decision(
        kind=kind,
        entry=_uid(desk.ledger, stays),
        other=_uid(desk.ledger, other),
        person=order.person,
        reason=order.reason,
        at=desk.now,
        left=tuple(m.article for m in before.values()),
        before=tuple(before.values()),
    )
    number = decisions.note_decision(desk.ledger, stays, other, said)
    if kind == "split":
        families = (decisions.family_of(desk.ledger, n) for n in (stays, other))
        decisions.bar(desk.ledger, apart(*families), number)
    return Edited(stays=stays, other=other, decision=said)


def _uid(ledger: Ledger, row: int) -> str:
    return next(uid for _, uid in decisions.uids_of(ledger, {row}))
