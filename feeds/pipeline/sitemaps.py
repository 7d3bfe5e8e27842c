"""Which of the documents that a source's own one names are asked in a poll, and what is remembered of them.

A sitemap index may name fifty, a poll asks for five: the first two that it names at every poll (the parser puts what
looks like news first, then the latest), two that changed since they were asked, and the one that was asked longest ago,
so that an index whose dates mean nothing hides none of its sitemaps for ever.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from feeds.model import DocumentState

DEPTH = 2
KEPT = 60  # documents remembered, those asked last
REMEMBERED = 10_000  # digests of theirs

_NEVER = datetime.min.replace(tzinfo=UTC)

Known = Mapping[str, DocumentState]  # by URL


class Lead(NamedTuple):
    """A document that another one names."""

    url: str
    depth: int
    named_by: str
    changed: datetime | None  # as the document has it that names it


def leads(
    follow: Sequence[str], dates: Mapping[str, datetime | None] | None, named_by: str, depth: int, known: Known
) -> Iterator[Lead]:
    """What a document names, each followed by what that named when it was read last; `dates` None: as it last said."""
    for url in follow:
        was = known.get(url)
        changed = dates.get(url) if dates is not None else was.changed if was is not None else None
        yield Lead(url, depth, named_by, changed)
        if was is not None and depth < DEPTH:
            yield from leads(was.follow, None, url, depth + 1, known)


def replaced(waiting: Iterable[Lead], asked: Lead, below: Sequence[Lead]) -> Iterator[Lead]:
    """The leads, with what one of them turned out to name in the place of what it named before."""
    for lead in waiting:
        if lead.depth <= asked.depth or lead.named_by != asked.url:
            yield lead
        if lead == asked:
            yield from below


def _first_named(lead: Lead, known: DocumentState | None) -> tuple[bool, datetime]:
    """In the order of the index; what had nothing for us comes last."""
    return known is not None and known.asked is not None and not known.listed and not known.follow, _NEVER


def _changed(lead: Lead, known: DocumentState | None) -> tuple[bool, datetime]:
    """What changed since it was asked; of that, and of the rest, what was asked longest ago."""
    asked = known.asked if known is not None else None
    return not (asked is None or (lead.changed is not None and lead.changed > asked)), asked or _NEVER


def _longest_ago(lead: Lead, known: DocumentState | None) -> tuple[bool, datetime]:
    return False, (known.asked if known is not None else None) or _NEVER


_Turn = Callable[[Lead, DocumentState | None], tuple[bool, datetime]]
TURNS: tuple[_Turn, ...] = (_first_named, _first_named, _changed, _changed, _longest_ago)
MOST = len(TURNS)  # documents followed in a poll


def chosen(turn: int, waiting: Iterable[Lead], known: Known) -> Lead:
    """The lead whose turn it is; the first named of several."""
    return min(waiting, key=lambda lead: TURNS[turn](lead, known.get(lead.url)))


def remembered(known: Known, named: Iterable[Lead]) -> list[DocumentState]:
    """What is known of the documents that are still named, in bounds: what was asked longest ago is read anew."""
    found = [known[url] for url in dict.fromkeys(lead.url for lead in named) if url in known]
    bare, digests = set(), 0
    latest = sorted(found, key=lambda one: one.asked or _NEVER, reverse=True)[:KEPT]
    for one in latest:
        digests += len(one.listed)
        if digests > REMEMBERED:
            bare.add(one.url)
    kept = {one.url for one in latest}
    return [unread(one) if one.url in bare else one for one in found if one.url in kept]


def unread(one: DocumentState) -> DocumentState:
    """Only when a document was asked: it is read anew."""
    return DocumentState(url=one.url, changed=one.changed, asked=one.asked)
