"""The desk of one transaction: what the decider has at hand, and what it is going to write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from feeds.dedupe import Draft, Head, Joined, another_id
from feeds.model import Section, Source
from feeds.pipeline.read import Read
from feeds.store.ledger import EntryRow, Ledger, SourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What of the configuration decides: sources by name, sections, and the bounds of a first poll."""

    sources: Mapping[str, Source]
    sections: tuple[Section, ...]
    first_items: int
    first_age: timedelta
    spacing: timedelta


@dataclass(slots=True)
class Desk:
    """What is known inside one transaction, and what it is going to write."""

    ledger: Ledger
    rules: Rulebook
    now: datetime
    version: int
    source_rows: Mapping[str, SourceRow]
    section_ids: Mapping[str, int]
    next_row: int
    keyed: dict[tuple[int, int], Head | None] = field(default_factory=dict)  # (source number, key)
    texts: dict[int, dict[tuple[str, int], Head]] = field(default_factory=dict)
    pages: dict[int, dict[str, Head]] = field(default_factory=dict)
    entries: dict[int, EntryRow] = field(default_factory=dict)
    uids: set[str] = field(default_factory=set)
    new_articles: list[dict[str, Any]] = field(default_factory=list)
    changed_articles: list[dict[str, Any]] = field(default_factory=list)
    new_entries: set[int] = field(default_factory=set)
    changed_entries: set[int] = field(default_factory=set)
    new_keys: list[tuple[int, int, int | None]] = field(default_factory=list)
    memberships: list[dict[str, int]] = field(default_factory=list)
    touched: dict[str, int] = field(default_factory=dict)  # section -> greatest `updated` of what entered or changed
    rerouted: dict[int, bool] = field(default_factory=dict)  # entries to route again once all is written


def open_desk(
    ledger: Ledger, reads: Sequence[Read], rules: Rulebook, rows: Mapping[str, SourceRow], now: datetime
) -> Desk:
    """A desk with every candidate of these reads at hand."""
    drafts = [d for r in reads for d in r.drafts]
    stored = {n: r.id for n, r in ledger.section_rows().items()}
    desk = Desk(ledger, rules, now, 0, rows, stored, 0)
    if not drafts:
        return desk
    desk.version = ledger.next_version()
    desk.next_row = ledger.last_row() + 1
    desk.keyed = {(s, k): h for k, s, h in ledger.keyed({k for d in drafts for k in d.keys})}
    for head in ledger.same_texts({d.text_key for d in drafts if d.text_key is not None}):
        remember_text(desk, head)
    for head, alone in ledger.same_pages({d.url_key for d in drafts if d.url_key is not None}):
        assert head.url_key is not None
        desk.pages.setdefault(head.url_key, {})[head.source] = head
        if head.source in rows:
            desk.keyed.setdefault((rows[head.source].id, head.url_key), head if alone else None)
    desk.uids = ledger.taken({d.article.id for d in drafts})
    desk.entries = ledger.entries({h.entry for h in _heads(desk)})
    return desk


def _heads(desk: Desk) -> Iterable[Head]:
    yield from (h for h in desk.keyed.values() if h is not None)
    for texts in desk.texts.values():
        yield from texts.values()
    for pages in desk.pages.values():
        yield from pages.values()


def remember_text(desk: Desk, head: Head) -> None:
    """Lets later articles find this one's text."""
    if head.text_key is not None and not head.dropped:
        desk.texts.setdefault(head.text_key, {})[head.source, head.title_key] = head


def with_free_id(desk: Desk, one: Draft) -> Draft:
    """The draft under its proposed id, or under one derived from all it says when another article has that."""
    proposed = one.article.id
    if proposed not in desk.uids:
        desk.uids.add(proposed)
        return one
    free, turn = another_id(proposed, one.article.digest), 0
    while free in desk.uids or desk.ledger.taken({free}):
        turn += 1
        free = another_id(proposed, one.article.digest, turn)
    desk.uids.add(free)
    return replace(one, article=replace(one.article, id=free))


def candidates(desk: Desk, one: Draft) -> Iterable[Head]:
    """Those stored articles that could be the same: of equal text the first of another source, or of equal title."""
    if one.url_key is not None:
        yield from desk.pages.get(one.url_key, {}).values()
    if one.text_key is not None:
        same = desk.texts.get(one.text_key, {})
        mine = one.article.source
        if (mine, one.title_key) in same:
            yield same[mine, one.title_key]
        yield from (h for (name, _), h in same.items() if name != mine)


def new_head(desk: Desk, one: Draft, joined: Joined | None) -> Head:
    """The head of a new article, under the next free number."""
    row = desk.next_row
    desk.next_row += 1
    return Head(
        row=row,
        id=one.article.id,
        source=one.article.source,
        entry=joined.entry if joined else row,
        digest=one.article.digest,
        guid_key=one.guid_key,
        title_key=one.title_key,
        text_key=one.text_key,
        url_key=one.url_key,
        words=one.words,
        first_seen=one.article.first_seen,
        dropped=one.dropped is not None,
    )


def touch(desk: Desk, number: int) -> None:
    """Marks an entry's content as changed."""
    desk.entries[number].version = desk.version
    if number not in desk.new_entries:
        desk.changed_entries.add(number)
