"""Filling articles that stand already with the text of their pages, which earlier polls left for this one.

No change that anybody is told of: ids, dates and `updated` stay, pages and feeds are rendered again.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from feeds.dedupe import Draft, Head, draft
from feeds.model import Article
from feeds.normalise.revision import filled
from feeds.pipeline.desk import Desk, columns, touch
from feeds.pipeline.likeness import know, note

if TYPE_CHECKING:
    from feeds.pipeline.read import Read


def to_fill(desk: Desk, reads: "Sequence[Read]") -> Iterator[tuple[Head, Article]]:
    """The articles that pages were read for, with these; none that says something else by now, or was dropped."""
    for one in reads:
        number = desk.source_rows[one.source.name].id
        for digest, page in one.late:
            head = desk.said.get((number, digest))
            if head is not None and not head.dropped:
                yield head, page


def fill(desk: Desk, pages: Sequence[tuple[Head, Article]], before: Mapping[int, Article]) -> None:
    """Puts what the pages say into the articles; what this transaction changes anyway is left to it."""
    changed = {row["id"] for row in desk.changed_articles}
    found: dict[int, tuple[Head, Draft]] = {}
    for head, page in pages:
        old = before.get(head.row)
        if old is not None and head.row not in changed and (new := filled(old, page)) != old:
            joins = desk.rules.sources[head.source].dedupe
            found[head.row] = head, draft(new, joins=joins)
    know(desk.likeness, (one for _, one in found.values()), desk.now)
    for head, one in found.values():
        desk.changed_articles.append(columns(one, one.article, desk.now) | {"id": head.row})
        if desk.rules.sources[head.source].dedupe:
            note(desk.likeness, one, head, new=False)
        listed = desk.entries[head.entry].listed is not None
        desk.rerouted[head.entry] = desk.rerouted.get(head.entry, False) or listed
        touch(desk, head.entry)
