"""The same item again, within one source."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from feeds.dedupe.keys import TRUSTED_GUID, Draft, Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which drafts are which articles.

    `heads` has one place per draft of `drafts` (None: new); `ambiguous` are the keys that two items of one
    document carry: they never count again for this source.
    """

    drafts: tuple[Draft, ...]
    heads: tuple[Head | None, ...]
    ambiguous: frozenset[int]


def another_id(proposed: str, digest: int, turn: int = 0) -> str:
    """An id for an article whose proposed id another one of its source has (several items, one link)."""
    return uuid5(UUID(proposed), f"{digest} {turn}").urn


def distinct(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts without repeats: items of one document with equal guid and equal text are one item."""
    seen: dict[object, Draft] = {}
    for one in drafts:
        seen.setdefault((one.guid_key, one.title_key, one.text_key, one.guid_key or one.said_key), one)
    return tuple(seen.values())


def identify(
    drafts: Sequence[Draft],
    known: Mapping[int, Head | None],
    present: frozenset[int] = frozenset(),
    repeated: frozenset[int] = frozenset(),
) -> Identity:
    """Which of the articles of the source each draft is; `known` maps key to article, or to None when ambiguous.

    `present` are the guids of the whole document, also of items known unchanged; `repeated` the guids that it
    carries on several of them. A guid counts by itself. A weaker key counts only if the article that it names
    is not in this document under its own guid, and the titles agree; but where neither side has a guid the
    URL is the identity, and a headline may change under it.
    """
    drafts = distinct(drafts)
    count = Counter(k for one in drafts for k in set(one.keys))
    ambiguous = frozenset(k for k, n in count.items() if n > 1) | repeated
    heads: list[Head | None] = [None] * len(drafts)
    taken: set[int] = set()
    for find in (_by_guid, _by_said, _by_weaker):
        for place, one in enumerate(drafts):
            if heads[place] is None:
                head = find(one, known, ambiguous, present)
                if head is not None and head.row not in taken:
                    heads[place] = head
                    taken.add(head.row)
    return Identity(drafts=drafts, heads=tuple(heads), ambiguous=ambiguous)


Known = Mapping[int, Head | None]
Keys = frozenset[int]


def _usable(k: int | None, known: Known, ambiguous: Keys) -> Head | None:
    return None if k is None or k in ambiguous else known.get(k)


def _by_guid(one: Draft, known: Known, ambiguous: Keys, present: Keys) -> Head | None:
    head = _usable(one.guid_key, known, ambiguous)
    if head is None or len(one.article.guid or "") >= TRUSTED_GUID:
        return head
    return head if head.title_key == one.title_key or (head.url_key == one.url_key is not None) else None


def _by_said(one: Draft, known: Known, ambiguous: Keys, present: Keys) -> Head | None:
    return _usable(one.said_key, known, ambiguous)


def _by_weaker(one: Draft, known: Known, ambiguous: Keys, present: Keys) -> Head | None:
    for k in one.weak:
        head = _usable(k, known, ambiguous)
        if head is None or (head.guid_key is not None and head.guid_key in present):
            continue
        if head.title_key == one.title_key or (head.guid_key is None and one.guid_key is None):
            return head
    return None
