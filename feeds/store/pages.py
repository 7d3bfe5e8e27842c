"""What publishing asks of entry pages; an entry that has stood in a published file has one for ever."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from feeds.model import EntryState
from feeds.store.codec import moment
from feeds.store.schema import article, entry, origin, source
from feeds.store.shelf import Shelf


def printed_with(shelf: Shelf, sources: Collection[str]) -> set[int]:
    """The numbers of the entries with a page that one of these sources carried; unbounded, numbers only."""
    query = (
        select(entry.c.id)
        .distinct()
        .join_from(source, article, article.c.source_id == source.c.id)
        .join(entry, entry.c.id == article.c.entry_id)
        .where(source.c.name.in_(list(sources)), entry.c.printed)
    )
    brought = (
        select(origin.c.entry_id)
        .distinct()
        .join_from(source, article, article.c.source_id == source.c.id)
        .join(origin, origin.c.article_id == article.c.id)
        .join(entry, entry.c.id == origin.c.entry_id)
        .where(source.c.name.in_(list(sources)), entry.c.printed)
    )
    return set(shelf.connection.execute(query.union(brought)).scalars()) if sources else set()


def newest_pages(shelf: Shelf, limit: int) -> list[tuple[str, datetime]]:
    """(id, updated) of the live entries with a page that came last, newest first."""
    query = (
        select(article.c.uid, entry.c.updated)
        .join_from(entry, article, article.c.id == entry.c.id)
        .where(entry.c.printed, entry.c.state == EntryState.LIVE)
        .order_by(entry.c.id.desc())
        .limit(limit)
    )
    return [(r.uid, moment(r.updated)) for r in shelf.connection.execute(query)]
