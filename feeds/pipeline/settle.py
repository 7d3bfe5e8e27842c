"""Settling: what was read becomes articles, entries and sections, in one transaction of the one decider."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from feeds import sections
from feeds.dedupe.decide import Joined, join
from feeds.dedupe.identity import Identity, identify
from feeds.dedupe.keys import Draft, Head
from feeds.model import Article, Member, Poll
from feeds.normalise.revision import change
from feeds.pipeline.desk import (
    Desk,
    candidates,
    columns,
    look_again,
    new_head,
    open_desk,
    open_entry,
    own_side,
    remember,
    remember_page,
    touch,
    with_free_id,
)
from feeds.pipeline.filling import Filling, fill, fillings, to_fill
from feeds.pipeline.grouping import group
from feeds.pipeline.late import merge_late, part_late
from feeds.pipeline.leading import choose_leads, take_up
from feeds.pipeline.likeness import like, note
from feeds.pipeline.rewording import reword
from feeds.pipeline.routing import OLD_NEWS, enter, reroute
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.writing import close, write_articles, write_entries
from feeds.store import codec
from feeds.store.codec import micros, moment
from feeds.store.ledger import EntryRow, Ledger

if TYPE_CHECKING:
    from feeds.pipeline.read import Read

REST = timedelta(minutes=30)  # between two moves of an entry's `updated`
MOST_MOVES = 24
CLOCK = ("first seen", "future")  # the rungs of dates that are not the source's, but our clock's


class _Begun(Struct, frozen=True):
    """By source, what was done of its document so far."""

    changed: dict[str, int] = field(default_factory=dict)  # articles that it changed; of each that came so far
    merged: Counter[str] = field(default_factory=Counter)  # entries that went into others


def settle(ledger: Ledger, reads: "Sequence[Read]", rules: Rulebook, now: datetime) -> list[Poll]:
    """Writes what was read and gives each poll with its counts; a read whose lease was lost is left out."""
    rows = ledger.sources({r.source.name for r in reads})
    held = [r for r in reads if _holds(r, rows)]
    polls: list[Poll] = []
    begun = _Begun()
    at_once = len(held)
    while len(polls) < len(held):
        rest = held[len(polls) :][:at_once]
        settled = _settle_some(open_desk(ledger, rest, rules, rows, now), rest, begun)
        polls += settled
        at_once = 2 * len(settled) + 2  # where each ends a round, the others are not looked up again for each
    polls = [replace(p, merged_late=begun.merged[p.source]) if p.source in begun.merged else p for p in polls]
    close(Desk(ledger, rules, now, rows), held, polls)
    return polls


def _settle_some(desk: Desk, reads: "Sequence[Read]", begun: _Begun) -> list[Poll]:
    """Settles the first of these reads, up to one with an article that may go to another entry, or leaves its own.

    That is done before anybody could join what it says: the rest of the document comes in the next round.
    """
    ledger = desk.ledger
    found = [_identity(desk, r) for r in reads]
    changed = [h for one in found for _, h in _changed(one)]
    pages = list(to_fill(desk, reads))
    reworded = [*changed, *(h for h, _ in pages)]
    before = ledger.articles({h.row for h in reworded})
    desk.shared = ledger.shared({h.entry for h in reworded})
    filled = fillings(desk, pages, before) if pages else {}
    polls: list[Poll] = []
    for read, one in zip(reads, found, strict=True):
        name = read.source.name
        if name not in begun.changed:
            begun.changed[name] = _change_all(desk, one, before, filled.get(name, ()))
            if desk.parted or desk.reworded:
                break
        polls.append(_add_all(desk, read, one, begun.changed[name]))
    write_articles(desk)
    if desk.rerouted:
        choose_leads(desk)
        reroute(desk, desk.rerouted, desk.rules.sections)
    group(desk)
    write_entries(desk)
    if desk.parted:
        part_late(desk)
    if desk.reworded:
        begun.merged.update(merge_late(desk))
    return polls


def _holds(read: "Read", rows: Mapping[str, Any]) -> bool:
    row = rows.get(read.source.name)
    return row is not None and row.leased and row.token == read.claim.token


def _identity(desk: Desk, read: "Read") -> Identity:
    """Which of its source's articles each draft of a document is."""
    number = desk.source_rows[read.source.name].id
    known: dict[int, Head | None] = {}
    for one in read.drafts:
        if (number, one.url_key) in desk.at_pages and one.url_key is not None:
            known[one.url_key] = desk.at_pages[number, one.url_key]
        known |= {k: desk.keyed[number, k] for k in one.keys if (number, k) in desk.keyed}
    digests = (d.article.digest for d in read.drafts)
    said = {d: desk.said[number, d] for d in digests if (number, d) in desk.said}
    found = identify(read.drafts, known, said, read.present, read.repeated)
    desk.spoilt |= {(number, k) for k in found.ambiguous}
    return found


def _changed(found: Identity) -> Iterator[tuple[Draft, Head]]:
    pairs = ((d, h) for d, h in zip(found.drafts, found.heads, strict=True) if h and not d.teaser)
    return ((d, h) for d, h in pairs if (h.digest != d.article.digest or h.dropped != (d.dropped is not None)))


def _change_all(desk: Desk, found: Identity, before: Mapping[int, Article], filled: Sequence[Filling]) -> int:
    """What one source says else of articles that we have, and what pages add to them; gives how many it changed."""
    desk.turn += 1
    changed = list(_changed(found))
    for one, head in changed:
        _change(desk, one, head, before[head.row])
    fill(desk, filled, {head.row for _, head in changed})
    return len(changed)


def _add_all(desk: Desk, read: "Read", found: Identity, changed: int) -> Poll:
    """New articles, each into the entry of its twin or into one of its own; gives the poll with what it came to.

    First those that join what was there before this document, then the others: its order decides no entry.
    """
    new = [with_free_id(desk, d) for d, h in zip(found.drafts, found.heads, strict=True) if h is None]
    allowed = _allowed(desk, read, new)
    joins = [twin(desk, one) for one in new]
    rows = range(desk.next_row, desk.next_row + len(new))
    desk.next_row += len(new)
    counts: dict[str, Any] = {"new": len(new), "merged": 0, "dropped": 0, "unrouted": 0}
    for place in sorted(range(len(new)), key=lambda p: joins[p] is None):
        one = new[place]
        joined = joins[place] or twin(desk, one)
        may_enter = allowed is None or one.article.id in allowed
        listed = _add(desk, read, one, rows[place], joined, may_enter)
        counts["merged"] += joined is not None
        counts["dropped"] += one.dropped is not None
        counts["unrouted"] += not listed and joined is None
    counts["unchanged"] = max(0, read.poll.items - len(new) - changed)
    return replace(read.poll, **counts, changed=changed)


def _allowed(desk: Desk, read: "Read", new: Sequence[Draft]) -> frozenset[str] | None:
    """The ids that may enter sections; None: all. A source's first poll brings its newest only."""
    if read.claim.state.last_success is not None:
        return None
    newest_first = [d.article for d in reversed(new)]
    return sections.first_poll(newest_first, desk.now, desk.rules.first_items, desk.rules.first_age)


def twin(desk: Desk, one: Draft) -> Joined | None:
    """The entry of another article that a new one belongs to; None: one of its own."""
    joined = _exact_twin(desk, one) or like(desk.likeness, one, desk.rules.sources, desk.now)
    if joined is not None and joined.entry not in desk.entries:
        desk.entries |= desk.ledger.entries({joined.entry})
    return joined


def _exact_twin(desk: Desk, one: Draft) -> Joined | None:
    if one.text_key in desk.restated or one.url_key in desk.restated:
        desk.pending.write()
        look_again(desk, one)
    if one.url_key not in desk.pages and one.text_key not in desk.texts:
        return None
    page = (desk.source_rows[one.article.source].id, one.url_key or 0)
    alone = page not in desk.spoilt and page not in desk.at_pages and page not in desk.keyed
    found = own_side(desk, one, candidates(desk, one, alone=alone))
    return join(one, found, desk.rules.sources, desk.now) if found else None


def _add(desk: Desk, read: "Read", one: Draft, row: int, joined: Joined | None, may_enter: bool) -> bool:
    """A new article; gives whether its entry stands in a section."""
    number = desk.source_rows[read.source.name].id
    head = new_head(one, row, joined.entry if joined else None)
    if joined is not None:
        take_up(desk, joined.entry, edits=False)
    _put_article(desk, number, one, head, joined)
    if joined is None:
        open_entry(desk, head.row, one.article)
        if not one.dropped:
            desk.opened.append((row, one.article))
        return enter(desk, read.source, one.article, row) if may_enter and not one.dropped else False
    desk.rerouted[head.entry] = desk.rerouted.get(head.entry, False) or may_enter
    if may_enter and not one.dropped and desk.now - one.article.published <= OLD_NEWS:
        desk.news.add(head.entry)
    touch(desk, head.entry)
    return desk.entries[head.entry].listed is not None


def _put_article(desk: Desk, number: int, one: Draft, head: Head, joined: Joined | None) -> None:
    row = columns(one, one.article)
    row["id"], row["uid"], row["source_id"], row["entry_id"] = head.row, head.id, number, head.entry
    row["first_seen"] = micros(head.first_seen)
    row["evidence"] = codec.dump(_evidence(desk, one, joined)) if joined else None
    desk.pending.new.append(row)
    _put_keys(desk, number, one, head)
    remember(desk, head)
    remember_page(desk, head)
    if desk.rules.sources[head.source].dedupe:
        note(desk.likeness, one, head)


def _evidence(desk: Desk, one: Draft, joined: Joined) -> Member:
    return Member(
        article=one.article.id,
        source=one.article.source,
        rule=joined.rule,
        counterpart=joined.counterpart.id,
        scores={"words": float(one.words), **joined.scores},
        joined=desk.now,
        text_key=one.text_key if joined.passages else None,
        passages=joined.passages,
        swaps=joined.swaps,
    )


def _put_keys(desk: Desk, number: int, one: Draft, head: Head) -> None:
    """The keys that name nothing yet; the canonical URL has an index of its own."""
    for k in one.keys:
        if k != one.url_key and (number, k) not in desk.keyed:
            desk.new_keys.setdefault((number, k), head.row)


def _change(desk: Desk, one: Draft, head: Head, old: Article) -> None:
    """The source says something else of an article that we have: its text is kept current, its identity stays."""
    kind = change(old, one.article)
    settled = replace(
        _dated(one.article, old), id=head.id, first_seen=old.first_seen, revision=old.revision + (kind == "material")
    )
    reword(desk, one, head, old, settled)
    _put_keys(desk, desk.source_rows[head.source].id, one, head)
    row = desk.entries[head.entry]
    if row.lead_id == head.row and kind == "material":
        _move(desk, row)
        desk.rerouted[row.id] = True
    if head.dropped != (one.dropped is not None):
        desk.rerouted[row.id] = True
    if row.id in desk.rerouted or replace(settled, digest=old.digest) != old:
        touch(desk, row.id)


def _dated(said: Article, old: Article) -> Article:
    """What is said now; where it still names no date to believe, those of our clock are the old ones."""
    published, updated = (old if rung in CLOCK else said for rung in (said.published_from, said.updated_from))
    return replace(
        said,
        published=published.published,
        published_from=published.published_from,
        updated=max(updated.updated, published.published),
        updated_from=updated.updated_from,
    )


def _move(desk: Desk, row: EntryRow) -> None:
    """Moves an entry's `updated`: at most once in 30 minutes, 24 times in all, never backwards."""
    at = desk.now.replace(microsecond=0)
    rested = row.moves == 0 or at - moment(row.updated) >= REST
    if rested and row.moves < MOST_MOVES and micros(at) > row.updated:
        row.updated = micros(at)
        row.moves += 1
