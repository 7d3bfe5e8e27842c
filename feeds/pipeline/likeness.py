"""What the decider has at hand of wire copy: who has the anchors of what is read, and which texts could be the same."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feeds.dedupe.decide import WINDOW, Joined
from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head
from feeds.dedupe.wire import COMMON, COMPARED, Candidates, Copy, candidates, copy_of, worth
from feeds.model import Source
from feeds.pipeline.pending import Pending
from feeds.store import Store
from feeds.store.decisions import bars
from feeds.store.ledger import Ledger

RECENT = 1 << 15  # articles whose anchors wait to be carried over in order, half of them on average
SLICES = 64  # of all hashes: one is carried over with every 512 articles
AT_ONCE = 100_000  # anchors that are looked through in one transaction: nobody waits for long


@dataclass(slots=True)
class Likeness:
    """Anchors and texts, as they were stored and as this transaction adds to them."""

    ledger: Ledger
    pending: Pending  # is written before the store is asked
    since: int = 0  # entries numbered below are out of the window
    postings: dict[int, list[int]] = field(default_factory=dict)  # anchor -> entries
    met: dict[tuple[int, ...], Candidates] = field(
        default_factory=dict
    )  # anchors of a text -> who shared them at first
    posted: set[int] = field(default_factory=set)  # anchors that more entries have since then
    shortest: dict[int, int] = field(default_factory=dict)  # entry -> words of its shortest member
    copies: dict[int, list[Copy]] = field(default_factory=dict)  # entry -> its first members
    later: dict[int, list[Copy]] = field(default_factory=dict)  # entry whose members are not loaded -> new ones
    rows: list[tuple[int, int]] = field(default_factory=list)  # postings to be written

    def forget(self, entry: int) -> None:
        """A member says something else now: they are read again when they are compared."""
        self.copies.pop(entry, None)
        self.later.pop(entry, None)
        self.shortest.pop(entry, None)

    def found(self, one: Draft) -> Candidates:
        """The entries that share enough with a text."""
        found = self.met.get(one.anchors)
        if found is None or not self.posted.isdisjoint(one.anchors):
            found = candidates(one.anchors, self.postings)
        self.measure(found.met)
        return worth(found, one.anchors, self.shortest)

    def measure(self, entries: Collection[int]) -> None:
        """Brings how short the shortest member of each is."""
        wanted = [entry for entry in entries if entry not in self.shortest]
        if wanted:
            self.pending.write()
            self.shortest |= self.ledger.shortest(wanted)
            for entry in wanted if self.later else ():
                words = [copy.head.words for copy in self.later.get(entry, ())]
                if words:
                    self.shortest[entry] = min(self.shortest.get(entry, words[0]), *words)

    def load(self, entries: Collection[int]) -> None:
        """Brings the stored members of these entries."""
        wanted = [entry for entry in entries if entry not in self.copies]
        if not wanted:
            return
        self.pending.write()
        self.copies |= {entry: [] for entry in wanted}
        for head, title, text in self.ledger.wordings(wanted, COMPARED):
            self.copies[head.entry].append(Copy(head=head, title=title, text=text))
        for entry in wanted if self.later else ():
            self.later.pop(entry, None)  # written, and so read


def likeness(ledger: Ledger, drafts: Sequence[Draft], now: datetime, pending: Pending | None = None) -> Likeness:
    """Every posting of the drafts' anchors, and the members of the entries that share enough of them."""
    at_hand = Likeness(ledger, pending or Pending(ledger))
    anchors = {anchor for one in drafts for anchor in one.anchors}
    if anchors:
        at_hand.since = ledger.first_entry_since(now - WINDOW)
        at_hand.postings = ledger.postings(anchors, at_hand.since)
        at_hand.met = {one.anchors: candidates(one.anchors, at_hand.postings) for one in drafts if one.anchors}
        at_hand.measure({entry for found in at_hand.met.values() for entry in found.met})
        at_hand.load({entry for one in drafts if one.anchors for entry in at_hand.found(one).met})
    return at_hand


def know(at_hand: Likeness, drafts: Iterable[Draft], now: datetime) -> None:
    """Brings the postings of more drafts' anchors."""
    anchors = {anchor for one in drafts for anchor in one.anchors} - at_hand.postings.keys()
    if anchors:
        at_hand.since = at_hand.since or at_hand.ledger.first_entry_since(now - WINDOW)
        at_hand.postings |= at_hand.ledger.postings(anchors, at_hand.since)


def like(at_hand: Likeness, one: Draft, sources: Mapping[str, Source], now: datetime) -> Joined | None:
    """The entry whose text a new article prints, under another headline, cut short or as a summary."""
    found = at_hand.found(one) if one.anchors else None
    if not found or not found.met:
        return None
    at_hand.load(found.met)
    own = {entry for entry in found.met if any(c.head.source == one.article.source for c in at_hand.copies[entry])}
    barred = away(at_hand.ledger, found.met, own)
    if barred:
        found = Candidates({entry: met for entry, met in found.met.items() if entry not in barred}, found.common)
    return copy_of(one, found, at_hand.copies, sources, now)


def away(ledger: Ledger, entries: Collection[int], own: Collection[int]) -> set[int]:
    """Those of these entries that were split from one where a source's own article is: what it brings goes there.

    Else what is brought once more as another item would go back to what it was split from.
    """
    pairs = bars(ledger, entries) if own and len(entries) > 1 else set()
    return {b if a in own else a for a, b in pairs if (a in own) != (b in own)}


def note(at_hand: Likeness, one: Draft, head: Head, *, new: bool = True) -> None:
    """Lets later articles find this one, or what it has come to say."""
    if one.dropped or one.words < ENOUGH_WORDS:
        return
    _post(at_hand, one, head.entry)
    if new:
        copy = Copy(head=head, title=one.article.title, text=one.article.match_text)
        begun = head.entry == head.row
        if begun or head.entry in at_hand.shortest:
            at_hand.shortest[head.entry] = min(at_hand.shortest.get(head.entry, one.words), one.words)
        known = at_hand.copies if begun or head.entry in at_hand.copies else at_hand.later
        members = known.setdefault(head.entry, [])
        if len(members) < COMPARED:
            members.append(copy)


def carry(ledger: Ledger, before: int, after: int) -> None:
    """Carries the anchors of some hashes over, as the numbers of articles grow from one to the other.

    In a large table each anchor has a place, and a page to be written, of its own; here many share one.
    """
    turns = [max(number, RECENT) * SLICES // RECENT for number in (before, after)]
    width = (1 << 64) // SLICES
    for turn in range(turns[0], min(turns[1], turns[0] + SLICES)):
        start = turn % SLICES * width - (1 << 63)
        ledger.carry_anchors(start, start + width - 1)


def forget(store: Store, before: datetime) -> None:
    """Forgets by what the texts of entries would be found that came before then."""
    with store.deciding() as ledger:
        least = ledger.first_entry_since(before)
    place: int | None = -(1 << 63)
    while place is not None:
        with store.deciding() as ledger:
            place = ledger.prune_anchors(least, place, AT_ONCE)


def _post(at_hand: Likeness, one: Draft, entry: int) -> None:
    if entry < at_hand.since:
        return
    postings, rows = at_hand.postings, []
    for anchor in one.anchors:
        entries = postings.get(anchor)
        if entries is None:
            postings[anchor] = [entry]
        elif len(entries) < COMMON and entry not in entries:
            entries.append(entry)
        else:
            continue
        rows.append((anchor, entry))
    at_hand.rows += rows
    at_hand.posted.update(anchor for anchor, _ in rows)
