"""Filling articles that stand already with the text of their pages, which earlier polls left for this one.

No change that anybody is told of: ids, dates and `updated` stay, pages and feeds are rendered again. Whatever an edit
of the same words could do, this can: no more.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from feeds.dedupe.keys import Draft, Head, draft
from feeds.model import Article
from feeds.normalise.revision import filled
from feeds.pipeline.desk import Desk, know_words, touch
from feeds.pipeline.rewording import reword

if TYPE_CHECKING:
    from feeds.pipeline.read import Read


class Filling(Struct, frozen=True, kw_only=True):
    """An article with what it says once its page was read."""

    head: Head
    old: Article
    one: Draft


def to_fill(desk: Desk, reads: "Sequence[Read]") -> Iterator[tuple[Head, Article]]:
    """The articles that pages were read for, with these; none that says something else by now, or was dropped."""
    for read in reads:
        number = desk.source_rows[read.source.name].id
        for digest, page in read.late:
            head = desk.said.get((number, digest))
            if head is not None and not head.dropped:
                yield head, page


def fillings(
    desk: Desk, pages: Iterable[tuple[Head, Article]], before: Mapping[int, Article]
) -> dict[str, list[Filling]]:
    """By source, the articles that their pages add to, with whatever could be the same at hand."""
    found: dict[int, Filling] = {}
    for head, page in pages:
        old = before.get(head.row)
        if old is not None and (new := filled(old, page)) != old:
            one = draft(new, joins=desk.rules.sources[head.source].dedupe)
            found[head.row] = Filling(head=head, old=old, one=one)
    know_words(desk, [filling.one for filling in found.values()])
    by: dict[str, list[Filling]] = {}
    for filling in found.values():
        by.setdefault(filling.head.source, []).append(filling)
    return by


def fill(desk: Desk, these: Iterable[Filling], changed: Collection[int]) -> None:
    """Puts what the pages say into the articles; what the same document `changed` is left to it."""
    for filling in these:
        head = filling.head
        if head.row not in changed:
            reword(desk, filling.one, head, filling.old, filling.one.article)
            listed = desk.entries[head.entry].listed is not None
            desk.rerouted[head.entry] = desk.rerouted.get(head.entry, False) or listed
            touch(desk, head.entry)
