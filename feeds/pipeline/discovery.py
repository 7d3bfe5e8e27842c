"""Finding the feeds of an address: what is asked, in which order, and what each would give. `ask` is the fetch door.

Polite: one request where the address is a feed itself; else what the page declares, and links of it that look like
feeds; only when that gives nothing, the front page of its site, a few addresses where feeds often are, and the
sitemaps that robots.txt names; at last the page itself, where it lists articles and robots.txt lets us read it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from feeds.errors import FetchError, ParseError
from feeds.fetch import robots
from feeds.fetch.hops import FEED_TYPES, origin
from feeds.model import Article, Outcome, ParsedFeed, Request, Response, Source, SourceKind
from feeds.normalise import digest, normalise_all
from feeds.normalise.markup import to_text
from feeds.parse import parse
from feeds.parse.discover import PAGE_TYPES, Candidate, discover, sitemaps, web_address, well_known
from feeds.parse.sniff import Kind, sniff

Answers = Iterator[tuple[Request, Response | FetchError]]
Ask = Callable[[Iterable[Request]], Answers]

MOST = 20  # candidates of a page that are asked
LOOKED_AT = 30  # items of a feed
SHOWN = 3  # titles
LISTS = 2  # links that are pages, perhaps lists of feeds, that are looked through
SITEMAPS = 3  # of those that robots.txt names
LEADS = 2  # of an index
ACCEPT = f"{FEED_TYPES.removesuffix(', */*;q=0.1')}, {PAGE_TYPES};q=0.8, */*;q=0.1"


class Offer(Struct, frozen=True, kw_only=True):
    """A feed that was found, and what it would give."""

    url: str  # to be configured: where it was asked, or where it moved for good
    candidate: Candidate
    places: tuple[str, ...]  # all addresses that led to it
    format: str
    path: str
    title: str | None
    home: str | None
    language: str | None
    items: int
    newest: datetime | None
    titles: tuple[str, ...]
    links: frozenset[str]
    kind: SourceKind = "auto"  # to be configured
    leads: tuple[str, ...] = ()  # of an index, which has no items of its own
    same_as: int | None = None  # place of an offer before it that has the same items, in another format

    @property
    def main(self) -> bool:
        """Whether it is worth choosing: no comments, and not what another offer gives as well."""
        return self.same_as is None and not self.candidate.comments


class Failure(Struct, frozen=True, kw_only=True):
    """An address that gives no feed, and why."""

    url: str
    candidate: Candidate
    kind: Outcome
    reason: str
    status: int | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What an address came to; `page` when it is one."""

    offers: tuple[Offer, ...]
    failures: tuple[Failure, ...] = ()
    untried: int = 0  # links that may be feeds, and were not asked
    page: str | None = None


@dataclass(slots=True)
class Search:
    """One look for the feeds of an address that somebody typed: only its own host and port may be private."""

    ask: Ask
    now: datetime
    deadline: timedelta
    step: Callable[[str], object] = lambda _: None
    _asked: dict[str, None] = field(default_factory=dict)
    _robots: robots.Robots | None = None  # of the page's site
    _pages: list[Response] = field(default_factory=list)  # links that turned out to be pages, perhaps lists of feeds

    def find(self, typed: str) -> Found:
        """What is at an address; raises FetchError or ParseError when nothing can be read there."""
        itself = Candidate(url=typed, how="typed")
        result = self._one(itself, typed)
        if isinstance(result, Offer):
            return self._led(Found(offers=(result,)), typed)
        if isinstance(result, Failure):
            raise (ParseError if result.kind in _OF_BODY else FetchError)(result.kind, result.reason)
        found_kind = sniff(result.body)[0]
        if found_kind is Kind.SITEMAP:  # of pages: they count where somebody asks for them
            given = examine(result, itself, typed, self.now, "sitemap")
            if isinstance(given, Offer) and given.items:
                return Found(offers=(given,))
            raise ParseError(Outcome.NOT_A_FEED, "a sitemap of pages that does not say which are its latest")
        if found_kind is Kind.OPML:
            raise ParseError(Outcome.NOT_A_FEED, "an OPML file: a list of feeds; save it and use `import FILE`")
        found = self._of_page(result, typed)
        return found if found.offers else self._elsewhere(result, typed, found)

    def check(self, urls: Mapping[str, SourceKind]) -> Iterator[tuple[str, Offer | Failure]]:
        """What each of many addresses answers as a source of its kind, as it comes; none of them may be private."""
        yield from self._examined({url: Candidate(url=url, how="typed") for url in urls}, None, urls)

    def _of_page(self, page: Response, typed: str) -> Found:
        """What a page declares and links to; a link to a list of feeds is followed once."""
        candidates = discover(page.body, page.url, page.headers)
        found = self._try(candidates, typed)
        if not found.offers:
            for inner in tuple(self._pages):
                more = self._try(discover(inner.body, inner.url, inner.headers), typed)
                found = _joined(found, more)
        return replace(found, page=page.url)

    def _elsewhere(self, page: Response, typed: str, found: Found) -> Found:
        """The front page of the site, then the usual addresses, one by one until one is a feed."""
        front = urlunsplit((*urlsplit(page.url)[:2], "/", "", ""))
        if front not in (page.url, typed):
            result = self._one(Candidate(url=front, how="known"), typed)
            if isinstance(result, Response):
                found = _joined(found, self._try(discover(result.body, result.url, result.headers), typed))
        for candidate in () if found.offers else well_known(page.url):
            found = _joined(found, self._try((candidate,), typed))
            if found.offers:
                break
        found = found if found.offers else self._named(page, typed, found)
        return replace(found if found.offers else self._itself(page, typed, found), page=page.url)

    def _named(self, page: Response, typed: str, found: Found) -> Found:
        """The sitemaps that the site's robots.txt names: one of news is read as a feed is."""
        _, result = next(self.ask((self._request(robots.address(page.url), typed),)))
        self._robots = robots.read(page.url, result, self.now)
        if not isinstance(result, Response) or result.status != 200:
            return found
        named = [Candidate(url=url, how="robots") for url in sitemaps(result.body, result.url)]
        return _joined(found, self._led(self._try(named[:SITEMAPS], typed), typed))

    def _itself(self, page: Response, typed: str, found: Found) -> Found:
        """The page, if it lists articles and may be read: that needs `kind = "page"`."""
        given = examine(page, Candidate(url=typed, how="page"), typed, self.now, "page")
        if isinstance(given, Failure) or given.items < 2:  # one article is no source
            return found
        refusal = self._robots.refusal(page.url) if self._robots else None
        if refusal is None:
            return _joined(found, Found(offers=(given,)))
        failure = Failure(url=typed, candidate=given.candidate, kind=Outcome.DISALLOWED, reason=refusal)
        return _joined(found, Found(offers=(), failures=(failure,)))

    def _led(self, found: Found, typed: str) -> Found:
        """Each index with what the first of its leads gives; one that leads nowhere is left out."""
        offers = []
        for one in found.offers:
            leads = [Candidate(url=url, how=one.candidate.how) for url in one.leads[:LEADS]]
            led = self._try(leads, typed, pages=one.candidate.how == "typed").offers
            one = _as_led(one, led[0]) if led else one
            if led or not one.leads:
                offers.append(one)
        return replace(found, offers=_marked(tuple(offers)))

    def _try(self, candidates: Sequence[Candidate], typed: str, *, pages: bool = False) -> Found:
        new = [c for c in candidates if c.url not in self._asked]
        chosen = {_with_user(c.url, typed): c for c in new[: max(MOST - len(self._asked), 1)]}
        results = dict(self._examined(chosen, typed, {}, pages=pages))
        kept = [results[url] for url in chosen if url in results]
        offers = tuple(one for one in kept if isinstance(one, Offer))
        failures = tuple(one for one in kept if isinstance(one, Failure))
        return Found(offers=_marked(offers), failures=failures, untried=len(new) - len(chosen))

    def _one(self, candidate: Candidate, typed: str) -> Offer | Failure | Response:
        """What one address gives; a page is given back as it came."""
        self._asked[candidate.url] = None
        request, result = next(self.ask((self._request(candidate.url, typed),)))
        self.step(urlsplit(request.url).hostname or "")
        given = examine(result, candidate, request.url, self.now)
        return result if _is_page(given) and isinstance(result, Response) else given

    def _examined(
        self,
        candidates: dict[str, Candidate],
        typed: str | None,
        kinds: Mapping[str, SourceKind],
        *,
        pages: bool = False,  # sitemaps of pages count
    ) -> Iterator[tuple[str, Offer | Failure]]:
        self._asked |= dict.fromkeys(c.url for c in candidates.values())
        for request, result in self.ask(self._request(url, typed) for url in candidates):
            self.step(urlsplit(request.url).hostname or "")
            given = examine(result, candidates[request.url], request.url, self.now, kinds.get(request.url, "auto"))
            if pages and _is_page(given) and isinstance(result, Response) and sniff(result.body)[0] is Kind.SITEMAP:
                given = examine(result, candidates[request.url], request.url, self.now, "sitemap")
            if typed is not None and len(self._pages) < LISTS and _is_page(given) and isinstance(result, Response):
                self._pages.append(result)
            yield request.url, given

    def _request(self, url: str, typed: str | None) -> Request:
        private = typed is not None and origin(url)[1:] == origin(typed)[1:]
        return Request(key="discovery", url=url, accept=ACCEPT, private=private, deadline=self.deadline)


def _is_page(given: Offer | Failure) -> bool:
    return isinstance(given, Failure) and given.kind is Outcome.NOT_A_FEED


_OF_BODY = (Outcome.NOT_A_FEED, Outcome.EMPTY, Outcome.UNPARSEABLE)


def examine(
    result: Response | FetchError, candidate: Candidate, url: str, now: datetime, wanted: SourceKind = "auto"
) -> Offer | Failure:
    """What an answer would give as a source of that kind, or why it gives nothing."""
    if isinstance(result, FetchError):
        return Failure(url=url, candidate=candidate, kind=Outcome(result.kind), reason=str(result))
    if not 200 <= result.status < 300:
        kind = Outcome.GONE if result.status == 410 else Outcome.HTTP_ERROR
        reason = f"the server answered {result.status}"
        return Failure(url=url, candidate=candidate, kind=kind, reason=reason, status=result.status)
    try:
        feed = parse(result.body, result.url, result.headers, wanted)
    except ParseError as error:
        return Failure(url=url, candidate=candidate, kind=Outcome(error.kind), reason=str(error))
    return _offer(feed, result, candidate, url, now)


def _offer(feed: ParsedFeed, response: Response, candidate: Candidate, url: str, now: datetime) -> Offer:
    source = Source(name="found", url=url)
    items = feed.items[:LOOKED_AT]
    articles = normalise_all(items, feed, source, response.url, now, [digest(item) for item in items])
    moved = web_address(url, response.url) if response.hops and all(hop.permanent for hop in response.hops) else None
    return Offer(
        url=_with_user(moved, url) if moved else url,
        candidate=candidate,
        places=tuple(dict.fromkeys((url, *(hop.target for hop in response.hops)))),
        format=feed.format,
        path=feed.path,
        title=(to_text(feed.title).strip()[:300] or None) if feed.title else None,
        home=feed.link,
        language=feed.language or candidate.language or _language(articles),
        items=len(feed.items),
        newest=max((a.published for a in articles if a.published_from != "first seen"), default=None),
        titles=tuple(a.title for a in articles if a.title)[:SHOWN],
        links=frozenset(a.canonical or a.title for a in articles),
        kind=_kind(feed.format),
        leads=() if feed.items else feed.follow,
    )


def _kind(form: str) -> SourceKind:
    """What a source of this format is configured as: a sitemap may be without news tomorrow."""
    return "page" if form in ("page", "list") else "sitemap" if form.startswith("sitemap") else "auto"


def _as_led(index: Offer, lead: Offer) -> Offer:
    """An index with what one of its leads gives."""
    return replace(
        index,
        title=index.title or lead.title,
        language=index.language or lead.language,
        items=lead.items,
        newest=lead.newest,
        titles=lead.titles,
        links=lead.links,
        kind=lead.kind,
    )


def _language(articles: Sequence[Article]) -> str | None:
    return next((a.language for a in articles if a.language), None)


def _marked(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Each with the place of an earlier one that has the same items."""
    first: dict[frozenset[str], int] = {}
    places = [first.setdefault(one.links, place) if one.links else place for place, one in enumerate(offers)]
    return tuple(
        replace(one, same_as=p if p != n else None) for n, (one, p) in enumerate(zip(offers, places, strict=True))
    )


def _joined(before: Found, after: Found) -> Found:
    offers = tuple(replace(one, same_as=None) for one in (*before.offers, *after.offers))
    failures = (*before.failures, *after.failures)
    return Found(offers=_marked(offers), failures=failures, untried=before.untried + after.untried, page=before.page)


def _with_user(url: str, typed: str) -> str:
    """A URL of the very origin that was typed, with the user and password that were typed."""
    user, at, _ = urlsplit(typed).netloc.rpartition("@")
    parts = urlsplit(url)
    if not at or "@" in parts.netloc or origin(url) != origin(typed):
        return url
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc}"))
