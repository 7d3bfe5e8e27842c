"""Rehearsing: the articles of a window are decided once more, by rules that are not in force; nothing is written.

An article is compared as it stands now, and of what a document held only what became articles is left. So where a
source has changed an article since, and where one page in two feeds decided, what was decided counts, unless the rules
for it are others than they were.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from feeds import sections
from feeds.dedupe.decide import Joined
from feeds.dedupe.keys import Draft, Head, draft
from feeds.model import Claim, Outcome, Poll, Rules, Source, SourceState
from feeds.pipeline.desk import Desk, new_head, open_desk, remember, remember_page
from feeds.pipeline.likeness import note
from feeds.pipeline.read import Read
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.settle import twin
from feeds.store import Store
from feeds.store.codec import hash64
from feeds.store.ledger import SourceRow
from feeds.store.rehearsal import Known, Past, Places, Stored

AT_ONCE = 500  # articles, as a poll settles them


class Difference(Struct, frozen=True, kw_only=True):
    """An article that the rules put elsewhere than it stands: in an entry of its own, or into another one.

    Numbers are the store's own; `why` is a sentence; `found` is what made it join.
    """

    row: int
    before: int  # entry
    after: int
    counterpart: int | None  # the article that it joins, or goes with, or leaves
    why: str
    found: Joined | None = None

    @property
    def parts(self) -> bool:
        """Whether it comes to stand by itself."""
        return self.after == self.row


class Cast(Struct, frozen=True, kw_only=True):
    """Who plays: every source by its name to be, its number, and those whose part is another than it was."""

    sources: Mapping[str, Source]
    numbers: Mapping[str, SourceRow]
    drop: Rules
    configured: frozenset[str]
    decided: frozenset[int]  # entries of which a person decided
    turned: frozenset[str]  # another `dedupe`, or another address: whose texts and pages may join is decided anew


def cast(
    rules: Rulebook, drop: Rules, known: Mapping[str, Known], names: Mapping[str, str], decided: frozenset[int]
) -> Cast:
    """The cast of a configuration; a source that it no longer names goes on as it was last configured."""
    before = {names.get(name, name): one for name, one in known.items()}
    gone = {n: replace(k.configured, name=n) for n, k in before.items() if n not in rules.sources}
    return Cast(
        sources=gone | dict(rules.sources),
        numbers={n: SourceRow(id=k.number, token=0, host="", leased=False) for n, k in before.items()},
        drop=drop,
        configured=frozenset(rules.sources),
        decided=decided,
        turned=frozenset(n for n, k in before.items() if n in rules.sources and _turned(k, rules.sources[n])),
    )


def _turned(before: Known, now: Source) -> bool:
    return before.configured.dedupe != now.dedupe or before.url_hash != hash64(now.url)


def reenact(
    past: Past, scratch: Store, who: Cast, rules: Rulebook, progress: Callable[[int, datetime], object]
) -> Iterator[Difference]:
    """Decides the articles of the window in the order in which they came; gives those that go elsewhere."""
    rules = replace(rules, sources=who.sources)
    for documents in _batches(past):
        with scratch.deciding() as ledger:
            past.scratch, past.upto = ledger, documents[0].told[0].row
            stage = _Stage(past, who, _opened(past, documents, who, rules))
            for document in documents:
                yield from stage.play(document)
            ledger.add_postings(stage.desk.likeness.rows)
        progress(sum(len(d.told) for d in documents), documents[-1].now)


class _Document(Struct, frozen=True):
    """The articles that one poll of a source brought, as they stand now."""

    source: str
    now: datetime
    told: Sequence[Stored]
    drafts: Sequence[Draft] = ()


def _batches(past: Past) -> Iterator[list[_Document]]:
    """Whole documents, some hundred articles together."""
    held: list[Stored] = []
    for told in past.window(AT_ONCE):
        documents = _documents([*held, *told])
        held = list(documents.pop().told)  # the next may belong to it
        if documents:
            yield documents
    if held:
        yield _documents(held)


def _documents(told: Iterable[Stored]) -> list[_Document]:
    groups = groupby(told, key=lambda one: (one.article.source, one.article.first_seen))
    return [_Document(name, now, list(several)) for (name, now), several in groups]


def _opened(past: Past, documents: list[_Document], who: Cast, rules: Rulebook) -> Desk:
    """The desk of these documents, with every candidate at hand, by the loader that settling has."""
    for place, one in enumerate(documents):
        documents[place] = replace(one, drafts=[_draft(past, told, who) for told in one.told])
    rows = {one.source: who.numbers[one.source] for one in documents}
    reads = [_read(one, who.sources[one.source]) for one in documents]
    return open_desk(past, reads, rules, rows, documents[0].now)


def _draft(past: Past, told: Stored, who: Cast) -> Draft:
    """The article as a draft, under the drop rules that count now; what is another than stored is noted."""
    one, source = told.article, who.sources[told.article.source]
    dropped = sections.dropped(one, source.drop, who.drop) if source.name in who.configured else told.dropped
    if (dropped is None) != (told.dropped is None):
        past.places.drop(told.row, told.entry, dropped)
    return draft(one, dropped, joins=source.dedupe)


def _read(one: _Document, source: Source) -> Read:
    state = SourceState(name=source.name, url=source.url, last_success=one.now)
    return Read(
        claim=Claim(state=state, token=0, until=one.now),
        source=source,
        poll=Poll(source=source.name, at=one.now, outcome=Outcome.FRESH),
        state=state,
        host="",
        drafts=tuple(one.drafts),
    )


@dataclass(slots=True)
class _Stage:
    """One batch, decided article by article."""

    past: Past
    who: Cast
    desk: Desk

    @property
    def places(self) -> Places:
        return self.past.places

    def play(self, document: _Document) -> Iterator[Difference]:
        """First those that join what was there before this document, then the others, as they were settled."""
        self.desk.now = document.now
        first = document.told[0].row
        met = [twin(self.desk, one) for one in document.drafts]
        joins = [found is not None or told.entry < first for found, told in zip(met, document.told, strict=True)]
        for place in sorted(range(len(met)), key=lambda p: not joins[p]):
            told, one = document.told[place], document.drafts[place]
            found = met[place] or twin(self.desk, one)
            difference = self._decide(told, one, found)
            if difference is not None:
                self.places.move(told.row, told.entry, difference.after)
                yield difference
            self._note(told, one, difference.after if difference else told.entry)

    def _note(self, told: Stored, one: Draft, entry: int) -> None:
        """Lets later articles find this one."""
        head = new_head(one, told.row, entry)
        remember(self.desk, head)
        remember_page(self.desk, head)
        if self.who.sources[head.source].dedupe:
            note(self.desk.likeness, one, head)

    # ------------------------------------------------------------ one article

    def _decide(self, told: Stored, one: Draft, found: Joined | None) -> Difference | None:
        """Where it goes; None: where it stands."""
        with_it = self._counterpart(told)
        expected = told.row if told.rule is None else self._entry_now(told, with_it)
        entry = found.entry if found else told.row
        if entry != expected and not self._counts(told, one, found, expected):
            entry, found = expected, None
        if entry == told.entry:
            return None
        if entry == expected and with_it is not None:
            why = "goes with the article that it joined"
            return Difference(row=told.row, before=told.entry, after=entry, counterpart=with_it, why=why)
        if found is None:
            return self._apart(told, one, entry)
        return Difference(
            row=told.row, before=told.entry, after=entry, counterpart=found.counterpart.row, why=found.rule, found=found
        )

    def _counterpart(self, told: Stored) -> int | None:
        """The number of the article that it joined; looked up only where that has gone elsewhere."""
        if told.counterpart is None or told.entry not in self.places.left:
            return None
        return self.past.rows_of({told.counterpart}).get(told.counterpart)

    def _entry_now(self, told: Stored, with_it: int | None) -> int:
        return told.entry if with_it is None else self.places.moved.get(with_it, told.entry)

    def _counts(self, told: Stored, one: Draft, found: Joined | None, expected: int) -> bool:
        """Whether a decision other than the stored one is one of the rules, and not of what has changed since."""
        if told.given or (told.rule is None and told.entry in self.who.decided):
            return False
        if told.row in self.places.dropped or one.article.source in self.who.turned:
            return True
        if told.rule is not None and not self.who.sources[one.article.source].dedupe:
            return True
        entries = {told.entry, expected} | ({found.entry} if found else set())
        if entries & self.who.decided:
            return False
        return self._is_another(entries, told.row) or self._certain(told, one, found, entries)

    def _is_another(self, entries: set[int], row: int) -> bool:
        """Whether a member of these entries has another part, or another place, than it had."""
        if entries & (self.places.left | self.places.guests.keys()):
            return True
        heads = [h for theirs in self.past.standing(entries, row).values() for h in theirs]
        return any(h.row in self.places.dropped or h.source in self.who.turned for h in heads)

    def _certain(self, told: Stored, one: Draft, found: Joined | None, entries: set[int]) -> bool:
        """Whether all that decided is as it was: no article that could have had a say was changed since.

        Which pages a source had at one URL is not known of the past, so a page that joined, or would, proves nothing.
        """
        rule = found.rule if found else None
        if told.changed or "same url" in (rule, told.rule) or (rule == told.rule == "same text"):
            return False
        met = {n for h in one.anchors for n in self.desk.likeness.postings.get(h, ())}
        near = entries | met | self.past.ever_with(one.anchors)
        return not self.past.changed_since(near, one.article.first_seen)

    def _apart(self, told: Stored, one: Draft, entry: int) -> Difference:
        """What it comes to that joined another, and by these rules does not."""
        row = self.past.rows_of({told.counterpart}).get(told.counterpart) if told.counterpart else None
        there = self.places.moved.get(row, told.entry) if row is not None else told.entry
        heads = self.past.standing({there}, told.row).get(there, ())
        other = next((h for h in heads if h.row == row), None)
        why = self._why_apart(told, one, other)
        return Difference(row=told.row, before=told.entry, after=entry, counterpart=row, why=why)

    def _why_apart(self, told: Stored, one: Draft, other: Head | None) -> str:
        if one.dropped:
            return one.dropped
        if not self.who.sources[one.article.source].dedupe:
            return f"its source {one.article.source} takes no part (dedupe = false)"
        if other is not None and other.dropped:
            return f"the article that it joined would be {self.places.dropped.get(other.row) or 'dropped'}"
        if other is not None and not self.who.sources[other.source].dedupe:
            return f"the source {other.source}, whose article it joined, takes no part (dedupe = false)"
        return f"by these rules it is no copy (it joined by: {told.rule})"
