"""Full text: the articles' own pages, asked for after a feed that gives only a few lines of each.

Politely: where robots.txt allows it, through the same door as everything else, and only some in a poll. A page that
cannot be had, or must be paid for, costs its item nothing: it stays as the feed has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from msgspec import structs

from feeds.errors import FetchError, ParseError
from feeds.fetch.robots import Memory
from feeds.model import Claim, Item, Request, Response, Source
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

    @property
    def error(self) -> str | None:
        """What could not be read."""
        if not self.troubles:
            return None
        return f"{len(self.troubles)} of {self.asked} articles' pages not read; {self.troubles[0]}"


def complete(
    pages: Pages, places: Sequence[int], url: str, claim: Claim, source: Source, manner: Manner, robots: Memory
) -> Exchange[None]:
    """Asks for the pages of the newest items at these places, and puts what they give into the items.

    `url` is the document's own address.
    """
    for place in _newest(pages.items, places):
        item = pages.items[place]
        link = resolve(item.base or url, item.link)
        if link is None or link == url or item.paywall or _words(item) >= WHOLE:
            continue
        left = claim.until - RESERVE - pages.now
        if pages.asked >= MOST or pages.limited or left <= timedelta(0):
            return
        pages.asked += 1
        own = origin(link) == origin(source.url)
        asked = Request(
            key=source.name,
            url=link,
            headers=source.headers if own else (),
            accept=PAGE_TYPES,
            private=may_be_private(link, claim, source),
            deadline=min(manner.deadline, left),
        )
        found = yield from _ask(asked, pages, claim, source, robots)
        if isinstance(found, str):
            pages.troubles.append(f"{link}: {found}")
        else:
            pages.items[place] = completed(structs.replace(item, link=link), found)


def _newest(items: Sequence[Item], places: Sequence[int]) -> list[int]:
    """The places of the latest items first; what is not dated stands where it is listed, before the others."""
    dates = {place: parse_date(items[place].published or "") or _LATEST for place in places}
    return sorted(places, key=lambda place: dates[place], reverse=True)


def _ask(page: Request, pages: Pages, claim: Claim, source: Source, robots: Memory) -> Exchange[Item | str]:
    """The article on a page, or why there is none."""
    permit = yield from permission(page, robots, pages.now)
    pages.now = permit.now
    if permit.refusal is not None:
        return permit.refusal
    answer = yield replace(page, spacing=permit.spacing)
    pages.now, result = answer.now, answer.result
    if isinstance(result, FetchError):
        return str(result)
    permit = yield from permission_after(page, result, robots, pages.now)
    pages.now = permit.now
    if permit.refusal is not None:
        return permit.refusal
    if result.status == HTTPStatus.TOO_MANY_REQUESTS and host_of(result.url) == host_of(claim.state.url):
        pages.limited = result
    return result_of(result, source)


def result_of(result: Response, source: Source) -> Item | str:
    """The article that an answer brings, or why it brings none."""
    if result.status != HTTPStatus.OK:
        return f"the server answered {result.status}"
    try:
        feed = parse(result.body, result.url, result.headers, "page", replace(source.page, items=None))
    except ParseError as error:
        return str(error)
    if feed.format != "page":
        return "a list, not an article"
    found = feed.items[0]
    return "readers must pay for it" if found.paywall else found


def completed(item: Item, page: Item) -> Item:
    """An item with the text of its page, where that is the longer one, and with what else it lacks itself."""
    fuller = page.content is not None and _words(page) > _words(item)
    return structs.replace(
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
