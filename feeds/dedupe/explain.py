"""Why two articles are, or are not, the same: every rule asked, and what it measured. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from feeds.dedupe.decide import WINDOW
from feeds.dedupe.fingerprint import expected
from feeds.dedupe.keys import ENOUGH_WORDS, Draft, draft
from feeds.dedupe.match import Account, account, titles_fit, without, words_of
from feeds.dedupe.stories import JOIN, JOIN_SHORT, PER_DAY, STORY_WINDOW, TOLD
from feeds.dedupe.terms import Lexicon, terms_of
from feeds.dedupe.wire import ENOUGH, MET
from feeds.domains import domain
from feeds.model import Article, Source

DAY = timedelta(days=1)


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """How near two articles are as reports of one event."""

    score: float
    bound: float
    days: float
    terms: tuple[str, ...]  # that both have, heaviest first
    joins: bool


class Weighed(Struct, frozen=True, kw_only=True, gc=False):
    """Two articles, rule by rule. `rule` is the one that makes them the same, `reasons` say why none does."""

    rule: str | None
    reasons: tuple[str, ...]
    keys: Mapping[str, bool | None]  # kind -> whether they agree; None: one of them has none
    words: tuple[int, int]
    anchors: Mapping[str, int]  # shared, needed, of this, of the other, common
    text: Account
    event: Event


def weigh(
    one: Article,
    other: Article,
    sources: Mapping[str, Source],
    lexicon: Lexicon,
    common_of: Callable[[Sequence[int]], Collection[int]] = lambda _: (),
    dropped: Collection[str] = (),
) -> Weighed:
    """Asks every rule of two articles as they are now; `common_of` gives those of a text's anchors that many have."""
    here, there = draft(one), draft(other)
    common = common_of(here.anchors)
    keys, anchors = _keys(here, there), _anchors(here, there, common)
    title = words_of(one.title, one.match_text), words_of(other.title, other.match_text)
    text = account(without(title[0], common), without(title[1], common))
    bars = list(_bars(one, other, sources, dropped))
    same_source = one.source == other.source
    rule, reasons = None, bars
    if not bars:
        rule, reasons = _judged(here, there, keys, anchors, text, sources)
        if rule and rule.startswith("wire") and same_source and not titles_fit(*title):
            rule, reasons = None, ["one source has the text under titles that do not speak of it"]
    return Weighed(
        rule=rule,
        reasons=tuple(reasons),
        keys=keys,
        words=(here.words, there.words),
        anchors=anchors,
        text=text,
        event=_event(one, other, lexicon),
    )


def _keys(one: Draft, other: Draft) -> dict[str, bool | None]:
    def agree(a: int | None, b: int | None) -> bool | None:
        return None if a is None or b is None else a == b

    return {
        "guid": agree(one.guid_key, other.guid_key),
        "url": agree(one.url_key, other.url_key),
        "title": one.title_key == other.title_key,
        "text": agree(one.text_key, other.text_key),
    }


def _anchors(one: Draft, other: Draft, common: Collection[int]) -> dict[str, int]:
    shared = set(one.anchors).intersection(other.anchors).difference(common)
    fewest = min(len(one.anchors), expected(other.words)) if one.anchors and other.anchors else 0
    return {
        "shared": len(shared),
        "needed": max(MET, int(-(-ENOUGH * fewest // 1))),
        "of this": len(one.anchors),
        "of the other": len(other.anchors),
        "common": len(set(one.anchors).intersection(common)),
    }


def _bars(one: Article, other: Article, sources: Mapping[str, Source], dropped: Collection[str]) -> list[str]:
    """What keeps two articles from being compared at all."""
    found = [
        f"{which} takes no part: dedupe = false"
        for which in dict.fromkeys((one.source, other.source))
        if which in sources and not sources[which].dedupe
    ]
    found += [f"an article of {a.source} was dropped" for a in (one, other) if a.id in dropped]
    if abs(one.first_seen - other.first_seen) > WINDOW:
        found.append(f"they came more than {WINDOW.days} days apart")
    return found


def _judged(
    one: Draft,
    other: Draft,
    keys: Mapping[str, bool | None],
    anchors: Mapping[str, int],
    text: Account,
    sources: Mapping[str, Source],
) -> tuple[str | None, list[str]]:
    same_source = one.article.source == other.article.source
    if keys["url"] and not same_source:
        if (keys["text"] and keys["title"]) or _one_publisher(one.article, other.article, sources):
            return "same url", []
        reasons = ["the URL is the same, which alone makes nothing the same across publishers"]
    else:
        reasons = []
    if min(one.words, other.words) < ENOUGH_WORDS:
        return None, [*reasons, f"a text of less than {ENOUGH_WORDS} words joins none"]
    if keys["text"] and (not same_source or keys["title"]):
        return "same text", []
    if anchors["shared"] < anchors["needed"]:
        return None, [*reasons, f"the texts share {anchors['shared']} anchors, {anchors['needed']} are needed"]
    if text.comparison.rule:
        return f"wire copy: {text.comparison.rule}", []
    return None, [*reasons, str(text.comparison.refused)]


def _one_publisher(one: Article, other: Article, sources: Mapping[str, Source]) -> bool:
    urls = [one.url or "", *(sources[a.source].url if a.source in sources else "" for a in (one, other))]
    domains = {domain(url) for url in urls}
    return len(domains) == 1 and None not in domains


def _event(one: Article, other: Article, lexicon: Lexicon) -> Event:
    here, there = terms_of(one), terms_of(other)
    ours, theirs = lexicon.vector(here), lexicon.vector(there)
    shared = {t: w * theirs[t] for t, w in ours.items() if t in theirs}
    apart = abs(_published(one) - _published(other))
    score = sum(shared.values()) - PER_DAY * apart / DAY
    bound = (JOIN_SHORT if here.short and here.script == "spaced" else JOIN[here.script]) + lexicon.doubt
    names = dict(zip(here.hashes, here.words, strict=True))
    told = sorted(shared, key=lambda t: (-shared[t], t))[:TOLD]
    near = here.language == there.language and apart <= STORY_WINDOW and here.tells and there.tells
    return Event(
        score=round(score, 4),
        bound=round(bound, 4),
        days=round(apart / DAY, 2),
        terms=tuple(names[t] for t in told),
        joins=near and score >= bound,
    )


def _published(one: Article) -> datetime:
    return min(one.published, one.first_seen)
