"""Several versions of one item in one document: a feed that lists a story anew whenever its headline changes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from feeds.dedupe.keys import is_trusted, names_an_item
from feeds.model import Item


def superseded(items: Sequence[Item], dated: Callable[[Item], datetime | None]) -> frozenset[int]:
    """The places of items that a later one replaces: with the same guid and link, both good for one item.

    Only where all are dated, and where most of the document is something else: a guid that stands
    on everything names nothing.
    """
    if len({item.guid for item in items}) == len(items):
        return frozenset()
    groups: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if is_trusted(item.guid) and item.link and names_an_item(item.link):
            groups[item.guid, item.link].append(place)
    found: set[int] = set()
    for places in groups.values():
        if 1 < len(places) <= len(items) // 2:
            found |= _older(places, [dated(items[place]) for place in places])
    return frozenset(found)


def _older(places: Sequence[int], dates: Sequence[datetime | None]) -> set[int]:
    known = [date for date in dates if date is not None]
    if len(known) < len(dates):
        return set()
    return {place for place in places if place != places[known.index(max(known))]}  # of equal date the first
