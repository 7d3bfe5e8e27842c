"""Late merges: an entry whose words became another's is found to be the same, in the transaction of the edit.

Only what was edited goes, into the entry that had the words first, and only when all who carry it say them: so an
edit can end nobody's entry but the editor's own. Two entries never become one because a third text has both.

Late splits: a copy that came to say what no other of its entry says stands by itself again, or its words would be shown
nowhere. The first article of an entry cannot: the entry bears its id.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from feeds.dedupe.decide import Joined, join
from feeds.dedupe.families import Family, barred, part
from feeds.dedupe.keys import Draft, draft
from feeds.dedupe.wire import COMPARED, Candidates, candidates, copy_of
from feeds.model import EntryState, Member
from feeds.pipeline.desk import Desk
from feeds.pipeline.editing import Order, merge, open_editing, split
from feeds.pipeline.likeness import likeness
from feeds.store import decisions

KIND, PARTED = "late merge", "late split"


def meets(desk: Desk, one: Draft, entry: int) -> bool:
    """Whether there is an entry whose words an edited article may have now."""
    if any(head.entry != entry for head in desk.texts.get(one.text_key, {}).values()):
        return True
    return any(other != entry for other in candidates(one.anchors, desk.likeness.postings).met)


def merge_late(desk: Desk) -> Counter[str]:
    """Merges those of the entries whose articles were edited just now that are another's; younger ones first.

    Gives how many of each source that was.
    """
    merged: Counter[str] = Counter()
    for head, one in sorted(desk.reworded, key=lambda pair: pair[0].entry, reverse=True):
        family = decisions.family_of(desk.ledger, head.row)
        found = _same(desk, one, family, None) if family.root in (head.entry, head.row) else None
        if found is None:  # or it went into another a moment ago
            continue
        own = desk.ledger.members({family.root})[family.root]
        others = [h for h in own if h.row != head.row and not h.dropped]
        if len(others) < COMPARED and all(_agrees(desk, h.row, family, found.entry) for h in others):
            _merge(desk, family, found)
            merged[one.article.source] += 1
    return merged


def part_late(desk: Desk) -> None:
    """Takes copies out of their entries that came to say something else, and brought nobody there; no first one."""
    for head in desk.parted:
        family = decisions.family_of(desk.ledger, head.row)
        parting = part(family, head.row) if family.root == head.entry != head.row else None
        if parting is not None and len(parting.leaves.homes) == 1:
            order = Order(person=None, reason="it says something else now")
            split(desk.ledger, desk.rules, head.row, order, desk.now, kind=PARTED)
            decisions.bar_likewise(desk.ledger, parting.stays, parting.leaves)


def _agrees(desk: Desk, row: int, family: Family, entry: int) -> bool:
    """Whether another article of the entry says the words, too."""
    article = desk.ledger.articles({row})[row]
    return _same(desk, draft(article), family, entry) is not None


def _same(desk: Desk, one: Draft, family: Family, only: int | None) -> Joined | None:
    """The entry beside its own that an article would join if it was new; `only` that one."""
    found = _exact(desk, one, family, only) or _copy(desk, one, family, only)
    if found is None:
        return None
    row = desk.ledger.entries({found.entry, family.root})
    shown = row[found.entry].listed is not None or row[family.root].listed is None
    return found if shown and row[found.entry].state == EntryState.LIVE else None


def _exact(desk: Desk, one: Draft, family: Family, only: int | None) -> Joined | None:
    if one.text_key is None:
        return None
    heads = desk.ledger.same_texts({one.text_key}, {one.title_key})
    allowed = set(_allowed(desk, {h.entry for h in heads}, family, only))
    return join(replace(one, url_key=None), [h for h in heads if h.entry in allowed], desk.rules.sources, desk.now)


def _copy(desk: Desk, one: Draft, family: Family, only: int | None) -> Joined | None:
    at_hand = likeness(desk.ledger, [one], desk.now)
    met, common = candidates(one.anchors, at_hand.postings)
    allowed = set(_allowed(desk, met, family, only))
    at_hand.load(allowed)
    fit = Candidates({entry: count for entry, count in met.items() if entry in allowed}, common)
    return copy_of(one, fit, at_hand.copies, desk.rules.sources, desk.now) if allowed else None


def _allowed(desk: Desk, entries: Iterable[int], family: Family, only: int | None) -> Iterator[int]:
    """Those of these entries that are not its own, and were never split from it."""
    for entry in entries:
        if entry == family.root or only not in (None, entry):
            continue
        other = decisions.family_of(desk.ledger, entry)
        pairs = decisions.bars(desk.ledger, family.entries | other.entries)
        if other.root == entry and not barred(family.entries, other.entries, pairs):
            yield entry


def _merge(desk: Desk, family: Family, found: Joined) -> None:
    now = desk.now
    evidence = Member(
        article="",
        source="",
        rule=f"late: {found.rule}",
        counterpart=found.counterpart.id,
        scores=found.scores,
        joined=now,
        passages=found.passages,
        swaps=found.swaps,
    )
    other = decisions.family_of(desk.ledger, found.entry)
    editing = open_editing(desk.ledger, desk.rules, now, {family.root, other.root})
    merge(editing, other, family, evidence, Order(person=None, reason=found.rule), kind=KIND)
