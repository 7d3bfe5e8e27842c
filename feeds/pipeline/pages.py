"""Full text: the articles' own pages, asked for after a feed that gives only a few lines of each.

Politely: where robots.txt allows it, through the same door as everything else, and only some in a poll; the others wait
for the next ones. A page that cannot be had, or must be paid for, costs its item nothing: it stays as the feed has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from feeds.errors import FetchError, ParseError
from feeds.fetch.robots import Memory
from feeds.model import Article, Claim, Item, ParsedFeed, Request, Response, Source, Wanted
from feeds.normalise import normalise
from feeds.normalise.dates import parse_date
from feeds.normalise.links import resolve
from feeds.normalise.markup import to_text
from feeds.parse import parse
from feeds.pipeline.documents import RESERVE, may_be_private, origin
from feeds.pipeline.exchange import Exchange
from feeds.pipeline.permission import permission, permission_after
from feeds.pipeline.rules import Manner
from feeds.store.store import host_of

MOST = 10  # pages asked in a poll
MOST_WAITING = 100  # of a source; beyond, the oldest stay as the feed has them
TRIES = 3  # of a page that cannot be had for the moment
WHOLE = 300  # words; an item that has so many is taken for whole
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Pages:
    """The items of a document, completed as their pages are read, and what went wrong on the way."""

    items: list[Item]
    now: datetime  # of the last answer
    asked: int = 0
    troubles: list[str] = field(default_factory=list)
    limited: Response | None = None  # the source's own host wants to be left alone
    waiting: dict[int, Wanted] = field(default_factory=dict)  # by digest: those left for later polls, the next first
    late: list[tuple[int, Article]] = field(default_factory=list)  # (digest of the item, what its page says)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The pages left for later polls."""
        return tuple(self.waiting.values())[:MOST_WAITING]

    @property
    def error(self) -> str | None:
        """What could not be read."""
        if not self.troubles:
            return None
        return f"{len(self.troubles)} of {self.asked} articles' pages not read; {self.troubles[0]}"


class Asking(Struct, frozen=True, kw_only=True):
    """On whose behalf pages are asked for."""

    claim: Claim
    source: Source
    manner: Manner
    robots: Memory


class _NotHad(NamedTuple):
    """Why a page gives no text; `passing`: it may give one later."""

    why: str
    passing: bool = False


def complete(pages: Pages, places: Sequence[int], said: Sequence[int], url: str, asking: Asking) -> Exchange[None]:
    """Asks for the pages of the newest items at these places, and puts what they give into the items.

    `said` are the digests of all items, `url` is the document's own address.
    """
    for place in _newest(pages.items, places):
        item = pages.items[place]
        link = resolve(item.base or url, item.link)
        if link is None or link == url or item.paywall or _words(item) >= WHOLE:
            continue
        found = yield from _page(Wanted(url=link, digest=said[place]), pages, asking)
        if found is not None:
            pages.items[place] = completed(replace(item, link=link), found)


def catch_up(pages: Pages, asking: Asking) -> Exchange[None]:
    """Asks for the pages that earlier polls left, as far as this one's go."""
    for one in asking.claim.state.wanted:
        found = yield from _page(one, pages, asking)
        if found is not None:
            feed = ParsedFeed(format="page", language=found.language)
            pages.late.append((one.digest, normalise(found, feed, asking.source, one.url, pages.now)))


def _page(one: Wanted, pages: Pages, asking: Asking) -> Exchange[Item | None]:
    """The article on a page; None where there is none, or not in this poll."""
    left = asking.claim.until - RESERVE - pages.now
    if pages.asked >= MOST or pages.limited or left <= timedelta(0):
        pages.waiting.setdefault(one.digest, one)
        return None
    pages.asked += 1
    source = asking.source
    own = origin(one.url) == origin(source.url)
    asked = Request(
        key=source.name,
        url=one.url,
        headers=source.headers if own else (),
        accept=PAGE_TYPES,
        private=may_be_private(one.url, asking.claim, source),
        deadline=min(asking.manner.deadline, left),
    )
    found = yield from _ask(asked, pages, asking)
    if isinstance(found, Item):
        if found.paywall:
            pages.troubles.append(f"{one.url}: readers must pay for it")
        return found
    pages.troubles.append(f"{one.url}: {found.why}")
    if found.passing and one.tries + 1 < TRIES:
        pages.waiting.setdefault(one.digest, replace(one, tries=one.tries + 1))
    return None


def _newest(items: Sequence[Item], places: Sequence[int]) -> list[int]:
    """The places of the latest items first; what is not dated stands where it is listed, before the others."""
    dates = {place: parse_date(items[place].published or "") or _LATEST for place in places}
    return sorted(places, key=lambda place: dates[place], reverse=True)


def _ask(page: Request, pages: Pages, asking: Asking) -> Exchange[Item | _NotHad]:
    """The article on a page, or why there is none."""
    permit = yield from permission(page, asking.robots, pages.now)
    pages.now = permit.now
    if permit.refusal is not None:
        return _NotHad(permit.refusal)
    answer = yield replace(page, spacing=permit.spacing)
    pages.now, result = answer.now, answer.result
    if isinstance(result, FetchError):
        return _NotHad(str(result), passing=True)
    permit = yield from permission_after(page, result, asking.robots, pages.now)
    pages.now = permit.now
    if permit.refusal is not None:
        return _NotHad(permit.refusal)
    if result.status == HTTPStatus.TOO_MANY_REQUESTS and host_of(result.url) == host_of(asking.claim.state.url):
        pages.limited = result
    return _result_of(result, asking.source)


def _result_of(result: Response, source: Source) -> Item | _NotHad:
    if result.status != HTTPStatus.OK:
        passing = result.status == HTTPStatus.TOO_MANY_REQUESTS or result.status >= 500
        return _NotHad(f"the server answered {result.status}", passing)
    try:
        feed = parse(result.body, result.url, result.headers, "page", replace(source.page, items=None))
    except ParseError as error:
        return _NotHad(str(error))
    return feed.items[0] if feed.format == "page" else _NotHad("a list, not an article")


def completed(item: Item, page: Item) -> Item:
    """An item with the text of its page, where that is the longer one, and with what else it lacks itself.

    Of a page that must be paid for nothing is taken but that.
    """
    if page.paywall:
        return replace(item, paywall=True)
    fuller = page.content is not None and _words(page) > _words(item)
    return replace(
        item,
        content=page.content if fuller else item.content,
        base=page.base if fuller else item.base,
        summary=item.summary or page.summary,
        authors=item.authors or page.authors,
        categories=item.categories or page.categories,
        images=item.images or page.images,
        published=item.published or page.published,
        language=item.language or page.language,
        credit=item.credit or page.credit,
    )


def _words(item: Item) -> int:
    """How long an item's text is, in words or in what stands for them."""
    said = item.content or item.summary
    text = to_text(said) if said else ""
    return max(text.count(" ") + 1, len(text.encode()) // 12) if text else 0
