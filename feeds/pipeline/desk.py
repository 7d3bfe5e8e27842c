"""The desk of one transaction: what the decider has at hand, and what it is going to write."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from feeds.dedupe.decide import WINDOW
from feeds.dedupe.identity import another_id
from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head
from feeds.model import Article, EntryState
from feeds.pipeline.likeness import Likeness, away, know, likeness
from feeds.pipeline.pending import Pending
from feeds.pipeline.rules import Rulebook
from feeds.store import codec
from feeds.store.codec import micros
from feeds.store.ledger import EntryRow, Ledger, SourceRow

if TYPE_CHECKING:
    from feeds.pipeline.read import Read


@dataclass(slots=True)
class Desk:
    """What is known inside one transaction, and what it is going to write."""

    ledger: Ledger
    rules: Rulebook
    now: datetime
    source_rows: Mapping[str, SourceRow] = field(default_factory=dict)
    section_ids: Mapping[str, int] = field(default_factory=dict)
    version: int = 0  # of the content, once this is written
    next_row: int = 0
    keyed: dict[tuple[int, int], Head | None] = field(default_factory=dict)  # (source number, key); None: ambiguous
    at_pages: dict[tuple[int, int], Head | None] = field(default_factory=dict)  # likewise, by canonical URL
    said: dict[tuple[int, int], Head] = field(default_factory=dict)  # (source number, digest)
    titled: dict[tuple[int, int], dict[str, Head]] = field(default_factory=dict)  # (text, title) -> source -> one
    texts: dict[int | None, dict[str, Head]] = field(default_factory=dict)  # text -> source -> its last article
    pages: dict[int | None, dict[str, Head | None]] = field(default_factory=dict)  # URL -> source -> its only article
    likeness: Likeness = field(init=False)
    restated: set[int | None] = field(default_factory=set)  # texts and URLs of articles that say something else now
    entries: dict[int, EntryRow] = field(default_factory=dict)
    uids: set[str] = field(default_factory=set)
    pending: Pending = field(init=False)
    new_entries: set[int] = field(default_factory=set)
    changed_entries: set[int] = field(default_factory=set)
    new_keys: dict[tuple[int, int], int] = field(default_factory=dict)  # (source number, key) -> article
    spoilt: set[tuple[int, int]] = field(default_factory=set)  # keys that became ambiguous
    memberships: dict[tuple[int, int], int] = field(default_factory=dict)  # (section, entry) -> when it entered
    touched: dict[str, int] = field(default_factory=dict)  # section -> greatest `updated` of what entered or changed
    astray: set[int] = field(default_factory=set)  # entries whose lead came to be another text
    shared: set[int] = field(default_factory=set)  # entries of several sources, of those that change
    turn: int = 0  # the document that is being settled
    turns: dict[int, int] = field(default_factory=dict)  # entry -> the last document that did something to it
    edited: set[int] = field(default_factory=set)  # entries with a member that says something else now
    opened: list[tuple[int, Article]] = field(default_factory=list)  # entries that may belong to a story
    reworded: list[tuple[Head, Draft]] = field(default_factory=list)  # articles that say now what others may say
    parted: list[Head] = field(default_factory=list)  # copies that say now what no other of their entry says
    renamed: set[int] = field(default_factory=set)  # entries whose title is another where pages name them
    news: set[int] = field(default_factory=set)  # entries that a copy came to which is no old news
    rerouted: dict[int, bool] = field(default_factory=dict)  # entries to route again once all is written

    def __post_init__(self) -> None:
        self.pending = Pending(self.ledger)


def open_desk(
    ledger: Ledger, reads: "Sequence[Read]", rules: Rulebook, rows: Mapping[str, SourceRow], now: datetime
) -> Desk:
    """A desk with every candidate of these reads at hand."""
    drafts = [d for r in reads for d in r.drafts]
    desk = Desk(ledger, rules, now, rows)
    desk.likeness = likeness(ledger, drafts, now, desk.pending)
    late = {digest for r in reads for digest, _ in r.late}
    if drafts or late:
        desk.section_ids = {n: r.id for n, r in ledger.section_rows().items()}
        desk.version = ledger.version() + 1
        desk.next_row = ledger.last_row() + 1
        _load_same_items(desk, reads, drafts, late)
        _load_same_words(desk, drafts)
        desk.uids = _taken_ids(ledger, drafts)
        desk.entries = ledger.entries({h.entry for h in _heads(desk)} | desk.likeness.copies.keys())
    return desk


def _load_same_items(desk: Desk, reads: "Sequence[Read]", drafts: Sequence[Draft], late: set[int]) -> None:
    """What the sources' own keys and URLs name, and what says just the same."""
    numbers = {row.id for row in desk.source_rows.values()}
    keys = {k for d in drafts for k in d.keys}.union(*(r.repeated for r in reads))
    desk.keyed = {(s, k): h for k, s, h in desk.ledger.keyed(keys, numbers)}
    desk.said = {(s, h.digest): h for s, h in desk.ledger.said(late | {d.article.digest for d in drafts}, numbers)}
    for head, alone in _load_pages(desk, drafts):
        if head.source in desk.source_rows and head.url_key is not None:
            desk.at_pages[desk.source_rows[head.source].id, head.url_key] = head if alone else None


def _load_pages(desk: Desk, drafts: Iterable[Draft]) -> list[tuple[Head, bool]]:
    found = desk.ledger.same_pages({d.url_key for d in drafts if d.url_key is not None})
    for head, alone in found:
        desk.pages.setdefault(head.url_key, {})[head.source] = head if alone else None
    return found


def _load_same_words(desk: Desk, drafts: Sequence[Draft]) -> None:
    long = [d for d in drafts if d.text_key is not None and d.words >= ENOUGH_WORDS]
    for head in desk.ledger.same_texts({d.text_key for d in long if d.text_key}, {d.title_key for d in long}):
        remember(desk, head)


def know_words(desk: Desk, drafts: Sequence[Draft]) -> None:
    """Brings what of the store could be the same text as more drafts."""
    _load_same_words(desk, drafts)
    know(desk.likeness, drafts, desk.now)


def _taken_ids(ledger: Ledger, drafts: Sequence[Draft]) -> set[str]:
    """The ids that articles have, of those that the drafts propose and may have to fall back upon."""
    proposed = Counter(d.article.id for d in drafts)
    taken = ledger.taken(proposed)
    others = {another_id(i, d.article.digest) for d in drafts if (i := d.article.id) in taken or proposed[i] > 1}
    return taken | ledger.taken(others)


def _heads(desk: Desk) -> Iterator[Head]:
    yield from desk.said.values()
    for named in (desk.keyed, desk.at_pages):
        yield from (h for h in named.values() if h is not None)
    for worded in (*desk.titled.values(), *desk.texts.values()):
        yield from worded.values()
    for pages in desk.pages.values():
        yield from (h for h in pages.values() if h is not None)


def remember(desk: Desk, head: Head) -> None:
    """Lets later articles find this one's text."""
    if head.text_key is None or head.dropped:
        return
    desk.texts.setdefault(head.text_key, {})[head.source] = head
    titled = desk.titled.setdefault((head.text_key, head.title_key), {})
    known = titled.get(head.source)
    if known is None or head.entry < known.entry or desk.now - known.first_seen > WINDOW:
        titled[head.source] = head


def remember_page(desk: Desk, head: Head) -> None:
    """Lets later articles find this one's URL, unless its source has others there."""
    if head.url_key is not None:
        pages = desk.pages.setdefault(head.url_key, {})
        pages[head.source] = None if head.source in pages else head


def restate(desk: Desk, one: Draft, head: Head) -> None:
    """Marks what is at hand of an article that comes to say something else: it is read again where it is asked for."""
    now, before = (one.text_key, one.title_key, one.url_key), (head.text_key, head.title_key, head.url_key)
    if now != before or head.dropped != (one.dropped is not None):
        desk.restated |= {one.text_key, one.url_key, head.text_key, head.url_key} - {None}
        desk.likeness.forget(head.entry)


def look_again(desk: Desk, one: Draft) -> None:
    """Brings the stored articles with a draft's text or URL as they are now."""
    desk.texts.pop(one.text_key, None)
    desk.titled.pop((one.text_key or 0, one.title_key), None)
    desk.pages.pop(one.url_key, None)
    _load_same_words(desk, [one])
    _load_pages(desk, [one])


def with_free_id(desk: Desk, one: Draft) -> Draft:
    """The draft under its proposed id, or under one derived from all it says when another article has that."""
    proposed, digest = one.article.id, one.article.digest
    free, turn = proposed, 0
    while free in desk.uids:
        free, turn = another_id(proposed, digest, turn), turn + 1
        if turn > 1 and desk.ledger.taken({free}):
            desk.uids.add(free)
    desk.uids.add(free)
    return one if free == proposed else replace(one, article=replace(one.article, id=free))


def candidates(desk: Desk, one: Draft, *, alone: bool) -> Iterable[Head]:
    """Those stored articles that could be the same; `alone`: no other item of its source has its URL."""
    if one.url_key is not None and alone:
        yield from (h for h in desk.pages.get(one.url_key, {}).values() if h is not None)
    if one.text_key is not None and one.words >= ENOUGH_WORDS:
        yield from desk.titled.get((one.text_key, one.title_key), {}).values()
        yield from (h for name, h in desk.texts.get(one.text_key, {}).items() if name != one.article.source)


def own_side(desk: Desk, one: Draft, found: Iterable[Head]) -> list[Head]:
    """Those that could be the same; of entries that were split, where its source's own article is."""
    heads = list(found)
    own = {h.entry for h in heads if h.source == one.article.source}
    barred = away(desk.ledger, {h.entry for h in heads}, own)
    return [h for h in heads if h.entry not in barred]


def new_head(one: Draft, row: int, entry: int | None) -> Head:
    """The head of a new article under its number; `entry`: the one that it joins."""
    return Head(
        row=row,
        id=one.article.id,
        source=one.article.source,
        entry=row if entry is None else entry,
        digest=one.article.digest,
        guid_key=one.guid_key,
        title_key=one.title_key,
        text_key=one.text_key,
        url_key=one.url_key,
        words=one.words,
        first_seen=one.article.first_seen,
        dropped=one.dropped is not None,
    )


def columns(one: Draft, settled: Article, changed: datetime | None = None) -> dict[str, Any]:
    """The row of an article, but for what never changes; `changed`: when it came to say something else."""
    return {
        "digest": settled.digest,
        "guid_key": one.guid_key,
        "title_key": one.title_key,
        "text_key": one.text_key,
        "url_key": one.url_key,
        "words": one.words,
        "dropped": one.dropped,
        "data": codec.dump_article(settled, changed),
    }


def open_entry(desk: Desk, row: int, settled: Article) -> None:
    """An entry of one article."""
    published = min(settled.published, desk.now)
    desk.new_entries.add(row)
    desk.entries[row] = EntryRow(
        id=row,
        lead_id=row,
        published=micros(published),
        updated=micros(min(max(published, settled.updated), desk.now)),
        moves=0,
        first_seen=micros(settled.first_seen),
        state=EntryState.LIVE,
        listed=None,
        printed=False,
        version=desk.version,
    )


def touch(desk: Desk, number: int) -> None:
    """Marks an entry's content as changed."""
    desk.entries[number].version = desk.version
    if number not in desk.new_entries:
        desk.changed_entries.add(number)
