"""The same item again, within one source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct

from feeds.dedupe.keys import Draft, Head, is_trusted

Known = Mapping[int, Head | None]
Keys = frozenset[int]


class Identity(Struct, frozen=True, kw_only=True, gc=False):
    """Which drafts are which articles.

    `heads` has one place per draft of `drafts` (None: new); `ambiguous` are the keys that two items of one
    document carry: they never count again for this source.
    """

    drafts: tuple[Draft, ...]
    heads: tuple[Head | None, ...]
    ambiguous: Keys


def another_id(proposed: str, digest: int, turn: int = 0) -> str:
    """An id for an article whose proposed id another one of its source has (several items, one link)."""
    return uuid5(UUID(proposed), f"{digest} {turn}").urn


def distinct(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts without repeats: items of one document with equal guid and equal text are one, as last dated."""
    kept: dict[object, Draft] = {}
    for one in drafts:
        same = (one.guid_key, one.title_key, one.text_key, one.guid_key or one.article.digest)
        kept[same] = max(one, kept.get(same, one), key=_dated)
    return tuple(kept.values())


def _dated(one: Draft) -> tuple[datetime, datetime, int]:
    return one.article.updated, one.article.published, one.article.digest


def identify(
    drafts: Sequence[Draft],
    known: Known,
    said: Mapping[int, Head],
    present: Keys = frozenset(),
    repeated: Keys = frozenset(),
) -> Identity:
    """Which of the articles of the source each draft is.

    `known` maps key to article, or to None when ambiguous; `said` the digest of what an article last said to it.
    `present` are the trusted guids and the digests of the whole document, also of items known unchanged; `repeated`
    the keys that it carries on several of them.

    An item that says nothing else than an article did is that article. A guid counts by itself. A weaker key
    counts only if the article that it names is not in this document itself, and the titles agree; but where
    neither side has a guid the URL is the identity, and a headline may change under it. The order of the drafts
    decides nothing.
    """
    drafts = distinct(drafts)
    count = Counter(k for one in drafts for k in one.keys)
    ambiguous = frozenset(k for k, n in count.items() if n > 1) | repeated
    heads: list[Head | None] = [None] * len(drafts)
    taken: set[int] = set()
    order = sorted(range(len(drafts)), key=lambda place: drafts[place].article.digest)
    usable = {k: head for k, head in known.items() if head is not None and k not in ambiguous}
    spoilt = ambiguous | {k for k, head in known.items() if head is None}
    for place, head in _claims(drafts, order, heads, usable, said, present - spoilt, spoilt):
        if head.row not in taken:
            heads[place] = head
            taken.add(head.row)
    return Identity(drafts=drafts, heads=tuple(heads), ambiguous=ambiguous)


def _claims(
    drafts: Sequence[Draft],
    order: Sequence[int],
    heads: Sequence[Head | None],
    usable: Mapping[int, Head],
    said: Mapping[int, Head],
    present: Keys,
    spoilt: Keys,
) -> Iterator[tuple[int, Head]]:
    """(place, article) by the strongest rule first; drafts that have found theirs are asked no more."""
    for place in order if said else ():
        if drafts[place].article.digest in said:
            yield place, said[drafts[place].article.digest]
    if not usable:
        return
    for place in order:
        if heads[place] is None and (head := _by_guid(drafts[place], usable)):
            yield place, head
    for place in order:
        if heads[place] is None and (head := _by_weaker(drafts[place], usable, present, spoilt)):
            yield place, head


def _by_guid(one: Draft, usable: Mapping[int, Head]) -> Head | None:
    head = None if one.guid_key is None else usable.get(one.guid_key)
    if head is None or is_trusted(one.article.guid):
        return head
    return head if head.title_key == one.title_key or (head.url_key == one.url_key is not None) else None


def _by_weaker(one: Draft, usable: Mapping[int, Head], present: Keys, spoilt: Keys) -> Head | None:
    guidless = one.guid_key is None or one.guid_key in spoilt
    for k in one.weak:
        head = usable.get(k)
        if head is None or head.guid_key in present or head.digest in present:
            continue
        if head.title_key == one.title_key or (guidless and (head.guid_key is None or head.guid_key in spoilt)):
            return head
    return None
