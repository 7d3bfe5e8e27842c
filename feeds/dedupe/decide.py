"""Whether a new article joins the entry of another: shared URL, exact text; and who leads an entry."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field

from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head
from feeds.domains import domain
from feeds.model import Source

WINDOW = timedelta(days=30)
LEAD_SETTLED = timedelta(hours=2)
GENEROSITY = {"full": 2, "summary": 1, "headline": 0}


class Joined(Struct, frozen=True, kw_only=True, gc=False):
    """The entry that an article joins, and why."""

    entry: int
    rule: str
    counterpart: Head
    scores: Mapping[str, float] = field(default_factory=dict)
    passages: tuple[str, ...] = ()  # of a wire copy: what both print
    swaps: tuple[tuple[str, str], ...] = ()  # and what one has in place of the other's words


def join(one: Draft, candidates: Iterable[Head], sources: Mapping[str, Source], now: datetime) -> Joined | None:
    """The entry that a new article belongs to; None: an entry of its own.

    A title alone never merges, and nothing that a source claims (guid, link, title, date) does: either the
    texts are the same words, or one publisher lists one page in two of its feeds. Of several the one with the
    same title counts first, then the oldest.
    """
    source = sources.get(one.article.source)
    if source is None or not source.dedupe or one.dropped:
        return None
    fresh = [c for c in candidates if may_join(c, sources, now)]
    fresh.sort(key=lambda c: (c.title_key != one.title_key, c.entry, c.row))
    for rule, same in (("same url", _same_page), ("same text", _same_text)):
        for other in fresh:
            if same(one, other, sources):
                return Joined(entry=other.entry, rule=rule, counterpart=other)
    return None


def may_join(other: Head, sources: Mapping[str, Source], now: datetime) -> bool:
    """Whether a member may be joined at all: shown, of the last 30 days, of a source that takes part."""
    source = sources.get(other.source)
    return not other.dropped and now - other.first_seen <= WINDOW and (source is None or source.dedupe)


def _same_page(one: Draft, other: Head, sources: Mapping[str, Source]) -> bool:
    """Across sources a shared URL joins only under one registrable domain, or when the words agree too."""
    if one.url_key is None or one.url_key != other.url_key or one.article.source == other.source:
        return False
    if one.text_key is not None and one.text_key == other.text_key and one.title_key == other.title_key:
        return True
    domains = {domain(one.article.url or "")} | {_feed_domain(s, sources) for s in (one.article.source, other.source)}
    return len(domains) == 1 and None not in domains


def _same_text(one: Draft, other: Head, sources: Mapping[str, Source]) -> bool:
    """Layer 1: the same words, enough of them; inside one source the titles agree too."""
    if one.text_key is None or one.text_key != other.text_key or one.words < ENOUGH_WORDS:
        return False
    return one.article.source != other.source or one.title_key == other.title_key


def _feed_domain(name: str, sources: Mapping[str, Source]) -> str | None:
    return domain(sources[name].url) if name in sources else None


def lead(
    members: Iterable[Head],
    sources: Mapping[str, Source],
    current: int,
    first_seen: datetime,
    now: datetime,
    *,
    astray: bool = False,
) -> int:
    """The row of the member whose copy is shown, from the `current` one on.

    Open before paywalled, the most generous content policy, then half as much text again, then priority, then
    the earliest. Two hours after publication the lead stays. Joining with another's words and changing them
    afterwards must not put other words over its article: what has come to say something else does not take the
    lead, and a lead that goes `astray` (its words were replaced) leaves it to another source's copy. Neither
    does one lead that was dropped.
    """
    shown = sorted((m for m in members if not m.dropped), key=lambda m: m.row)
    best = next((m for m in shown if m.row == current), None)
    if best is not None and astray:
        shown = [m for m in shown if m.source != best.source] or [best]
        best = None
    if (best is not None and now - first_seen > LEAD_SETTLED) or not shown:
        return current
    best = best or shown[0]
    for other in shown:
        if agrees(other, best, sources) and _rank(other, best, sources) > _rank(best, other, sources):
            best = other
    return best.row


def agrees(one: Head, other: Head, sources: Mapping[str, Source]) -> bool:
    """Whether two members still say the same, or are one source's or one publisher's.

    A wire copy was compared when it joined: it agrees as long as its words are those.
    """
    if one.source == other.source or one.text_key == other.text_key is not None:
        return True
    if one.joined_with is not None and one.joined_with == one.text_key:
        return True
    home = _feed_domain(one.source, sources)
    return one.url_key == other.url_key is not None and home is not None and home == _feed_domain(other.source, sources)


def _rank(one: Head, other: Head, sources: Mapping[str, Source]) -> tuple[bool, int, bool, int]:
    source = sources.get(one.source)
    if source is None:
        return (False, -1, False, 0)
    longer = one.words >= 1.5 * max(other.words, 1)
    return (not (source.paywall or one.paywall), GENEROSITY[source.content], longer, source.priority)
