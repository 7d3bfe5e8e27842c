"""Settling: what was read becomes articles, entries and sections, in one transaction of the one decider."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from feeds import sections
from feeds.dedupe import Draft, Head, Joined, identify, join, lead
from feeds.model import Article, EntryState, Member, Poll, Source
from feeds.normalise.revision import change
from feeds.pipeline.desk import Desk, Rulebook, candidates, new_head, open_desk, remember_text, touch, with_free_id
from feeds.pipeline.read import Read
from feeds.pipeline.routing import enter, reroute
from feeds.pipeline.writing import close, write_articles, write_entries
from feeds.store import codec
from feeds.store.codec import micros, moment
from feeds.store.ledger import EntryRow, Ledger

REST = timedelta(minutes=30)  # between two moves of an entry's `updated`
MOST_MOVES = 24


def settle(ledger: Ledger, reads: Sequence[Read], rules: Rulebook, now: datetime) -> list[Poll]:
    """Writes what was read and gives each poll with its counts; a read whose lease was lost is left out."""
    rows = ledger.sources({r.source.name for r in reads})
    held = [r for r in reads if r.source.name in rows and rows[r.source.name].token == r.claim.token]
    desk = open_desk(ledger, held, rules, rows, now)
    polls = [_settle_one(desk, r) for r in held]
    write_articles(desk)
    if desk.rerouted:
        _choose_leads(desk)
        reroute(desk, desk.rerouted, desk.rules.sections)
    write_entries(desk)
    close(desk, held, polls)
    return polls


def _settle_one(desk: Desk, read: Read) -> Poll:
    """One source's drafts: known again, changed, or new."""
    number = desk.source_rows[read.source.name].id
    known = {k: desk.keyed[number, k] for d in read.drafts for k in d.keys if (number, k) in desk.keyed}
    found = identify(read.drafts, known, read.present, read.repeated)
    desk.new_keys += [(k, number, None) for k in sorted(found.ambiguous)]
    pairs = [(d if h else with_free_id(desk, d), h) for d, h in zip(found.drafts, found.heads, strict=True)]
    allowed = _allowed(desk, read, [d.article for d, h in pairs if h is None])
    counts: dict[str, Any] = {"new": 0, "changed": 0, "merged": 0, "dropped": 0, "unrouted": 0}
    before = desk.ledger.articles({h.row for d, h in pairs if h and h.digest != d.article.digest})
    for one, head in pairs:
        if head is None:
            _add(desk, read.source, number, one, found.ambiguous, allowed, counts)
        elif head.digest != one.article.digest:
            _change(desk, number, one, head, before[head.row], found.ambiguous)
            counts["changed"] += 1
    settled = counts["new"] + counts["changed"]
    return replace(read.poll, **counts, unchanged=max(0, read.poll.items - settled))


def _allowed(desk: Desk, read: Read, fresh: Sequence[Article]) -> frozenset[str] | None:
    """The ids that may enter sections; None: all. A source's first poll brings its newest only."""
    if read.claim.state.last_success is not None:
        return None
    return sections.first_poll(fresh, desk.now, desk.rules.first_items, desk.rules.first_age)


def _add(
    desk: Desk,
    origin: Source,
    number: int,
    one: Draft,
    ambiguous: frozenset[int],
    allowed: frozenset[str] | None,
    counts: dict[str, int],
) -> None:
    """A new article: into the entry of its twin, or into one of its own, and into sections."""
    may_enter = allowed is None or one.article.id in allowed
    settled = one.article
    joined = join(one, candidates(desk, one), desk.rules.sources, desk.now)
    head = new_head(desk, one, joined)
    _put_article(desk, number, one, settled, head, joined, ambiguous)
    if joined is None:
        _open_entry(desk, head, settled)
        listed = enter(desk, origin, settled, head.entry) if may_enter and not one.dropped else False
    else:
        listed = desk.entries[head.entry].listed is not None
        desk.rerouted[head.entry] = desk.rerouted.get(head.entry, False) or may_enter
        touch(desk, head.entry)
    counts["new"] += 1
    counts["merged"] += joined is not None
    counts["dropped"] += one.dropped is not None
    counts["unrouted"] += not listed and joined is None


def _columns(one: Draft, settled: Article) -> dict[str, Any]:
    return {
        "digest": settled.digest,
        "guid_key": one.guid_key,
        "title_key": one.title_key,
        "text_key": one.text_key,
        "url_key": one.url_key,
        "words": one.words,
        "dropped": one.dropped,
        "data": codec.dump_article(settled),
    }


def _put_article(
    desk: Desk, number: int, one: Draft, settled: Article, head: Head, joined: Joined | None, ambiguous: frozenset[int]
) -> None:
    why = None
    if joined is not None:
        why = Member(
            article=settled.id,
            source=settled.source,
            rule=joined.rule,
            counterpart=joined.counterpart.id,
            scores={"words": float(one.words)},
            joined=desk.now,
        )
    desk.new_articles.append(
        _columns(one, settled)
        | {
            "id": head.row,
            "uid": settled.id,
            "source_id": number,
            "entry_id": head.entry,
            "first_seen": micros(settled.first_seen),
            "evidence": None if why is None else codec.dump(why),
        }
    )
    _put_keys(desk, number, one, head, ambiguous)
    remember_text(desk, head)
    if head.url_key is not None:
        desk.pages.setdefault(head.url_key, {})[head.source] = head


def _put_keys(desk: Desk, number: int, one: Draft, head: Head, ambiguous: frozenset[int]) -> None:
    """The canonical URL has its own index; what it said is a key only where every other is ambiguous."""
    keys = [k for k in one.keys if k not in (one.said_key, one.url_key) and k not in ambiguous]
    for k in keys or [one.said_key]:
        if desk.keyed.get((number, k), head) is not None:
            desk.new_keys.append((k, number, head.row))


def _open_entry(desk: Desk, head: Head, settled: Article) -> None:
    desk.new_entries.add(head.row)
    desk.entries[head.row] = EntryRow(
        id=head.row,
        lead_id=head.row,
        published=micros(settled.published),
        updated=micros(max(settled.published, settled.updated)),
        moves=0,
        first_seen=micros(settled.first_seen),
        state=EntryState.LIVE,
        listed=None,
        printed=False,
        version=desk.version,
    )


def _change(desk: Desk, number: int, one: Draft, head: Head, old: Article, ambiguous: frozenset[int]) -> None:
    """The source says something else of an article that we have: its text is kept current, its identity stays."""
    kind = change(old, one.article)
    settled = replace(
        one.article,
        id=head.id,
        first_seen=old.first_seen,
        published=old.published if one.article.published_from == "first seen" else one.article.published,
        published_from=old.published_from if one.article.published_from == "first seen" else one.article.published_from,
        revision=old.revision + (kind == "material"),
    )
    desk.changed_articles.append(_columns(one, settled) | {"id": head.row})
    _put_keys(desk, number, one, head, ambiguous)
    row = desk.entries[head.entry]
    if row.lead_id == head.row and kind == "material":
        _move(desk, row, settled)
        desk.rerouted[row.id] = True
    touch(desk, row.id)


def _move(desk: Desk, row: EntryRow, settled: Article) -> None:
    """Moves an entry's `updated`: at most once in 30 minutes, 24 times in all, never backwards, never ahead."""
    said = settled.updated if moment(row.updated) < settled.updated <= desk.now else desk.now.replace(microsecond=0)
    rested = desk.now - moment(row.updated) >= REST or row.moves == 0
    if rested and row.moves < MOST_MOVES and micros(said) > row.updated:
        row.updated = micros(said)
        row.moves += 1


def _choose_leads(desk: Desk) -> None:
    for number, heads in desk.ledger.members(desk.rerouted).items():
        row = desk.entries[number]
        row.lead_id = lead(heads, desk.rules.sources, row.lead_id, moment(row.first_seen), desk.now)
