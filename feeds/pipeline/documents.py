"""The documents of one poll: the source's own, and those that it leads to (the sitemaps of an index).

Each is asked on its own conditions, and each has its own memory: what a source's first document says of the others,
or that it has not changed, vouches for none of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from feeds import schedule
from feeds.domains import domain
from feeds.errors import FetchError, ParseError
from feeds.fetch import hops
from feeds.fetch.bounds import Cut
from feeds.fetch.guard import is_local
from feeds.fetch.hops import Origin
from feeds.model import (
    Claim,
    DocumentState,
    Item,
    Outcome,
    ParsedFeed,
    Problem,
    Request,
    Response,
    Source,
    SourceState,
)
from feeds.normalise import digest
from feeds.parse import Reason, parse
from feeds.pipeline.exchange import Answer, Exchange
from feeds.pipeline.rules import Manner
from feeds.pipeline.sitemaps import DEPTH, MOST, Lead, chosen, leads, remembered, replaced, unread
from feeds.store.codec import hash_bytes

RESERVE = timedelta(minutes=2)  # of the lease, in which nothing more is asked
SITEMAP_TYPES = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1"


class Trouble(NamedTuple):
    """Why a document could not be looked at; `state` is that of one that was read, and is of another kind."""

    outcome: Outcome
    sentence: str
    result: Response | FetchError | None
    state: DocumentState | None = None


def no_answer(error: FetchError) -> Trouble:
    """No answer came."""
    return Trouble(Outcome(error.kind), str(error), error)


class Look(NamedTuple):
    """A document that was looked at; without `feed` it says what it said before."""

    outcome: Outcome
    response: Response
    state: DocumentState
    feed: ParsedFeed | None = None
    said: tuple[int, ...] = ()  # the digests of its items


def look(
    result: Response | FetchError, before: DocumentState, source: Source, *, known: bool, own: bool = True
) -> Look | Trouble:
    """What an answer is, given what is known of the document (the source's own or not); cheap first.

    The body is let go: the documents of many polls are held at once.
    """
    if isinstance(result, FetchError):
        return no_answer(result)
    answer = replace(result, body=b"")
    refused = _refusal(result, known=known, own=own)
    if refused is not None:
        return Trouble(*refused, answer)
    if result.status == 304:
        return _unchanged(answer, before, Outcome.NOT_MODIFIED)
    body_hash = hash_bytes(result.body)
    if body_hash == before.body_hash:
        return _unchanged(answer, before, Outcome.SAME_BYTES)
    etag, last_modified = schedule.validators(before, Outcome.FRESH, answer)
    state = DocumentState(url=before.url, etag=etag, last_modified=last_modified, body_hash=body_hash)
    try:
        feed = parse(result.body, result.url, result.headers, source.kind, source.page)
    except ParseError as error:
        outcome = Outcome(error.kind)
        return Trouble(outcome, str(error), answer, state if outcome is Outcome.NOT_A_FEED else None)
    said = tuple(map(digest, feed.items))
    return Look(Outcome.FRESH, answer, replace(state, listed=frozenset(said), follow=feed.follow), feed, said)


def _unchanged(response: Response, before: DocumentState, outcome: Outcome) -> Look:
    etag, last_modified = schedule.validators(before, outcome, response)
    return Look(outcome, response, replace(before, etag=etag, last_modified=last_modified))


def _refusal(response: Response, *, known: bool, own: bool) -> tuple[Outcome, str] | None:
    """The outcome and sentence of a response that brings no body to read; None for one that does, or a 304."""
    status = response.status
    if status == 410 and own:
        return (
            Outcome.GONE,
            "the server says that the feed is gone for good (410); remove it or set its new url",
        )
    if status == 429:
        return Outcome.RATE_LIMITED, "the server asks for fewer requests (429); raise the source's interval"
    if status == 304 and not known:
        return Outcome.BAD_RESPONSE, "the server answered 304 to a request without conditions"
    if status == 304 or (200 <= status < 300 and status not in (204, 205, 206)):
        return None
    if status in (204, 205):
        return Outcome.EMPTY, f"the server answered without a body ({status})"
    if status == 206:
        return Outcome.BAD_RESPONSE, "the server answered with a part only (206)"
    hints = {401: "; set the source's headers", 403: "; the server refuses us", 404: "; check the source's url"}
    return Outcome.HTTP_ERROR, f"the server answered {status}{hints.get(status, '') if own else ''}"


# ---------------------------------------------------------------- several documents


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What the documents of a poll came to: the first one's look, the others' states, what is new in all of them."""

    first: Look
    now: datetime  # of the last answer
    looks: list[Look] = field(default_factory=list)  # of the others
    documents: list[DocumentState] = field(default_factory=list)
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)
    useless: list[Trouble] = field(default_factory=list)  # read, and of another kind
    problems: list[Problem] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """Fresh when any document is."""
        fresh = any(one.feed is not None for one in self.looks)
        return Outcome.FRESH if fresh else self.first.outcome

    @property
    def failure(self) -> Trouble | None:
        """Why there was nothing to look at, in all of them."""
        if self.looks or self.first.state.listed or not (self.troubles or self.useless or self.problems):
            return None
        if self.troubles:
            url, trouble = self.troubles[0]
            return trouble._replace(sentence=f"{url}: {trouble.sentence}")
        if self.useless and any(one.listed for one in self.documents):
            return None  # those that are of use had no turn
        if self.useless:
            return self.useless[0]._replace(sentence=f"its sitemaps are of no use: each is {self.useless[0].sentence}")
        return Trouble(
            Outcome.NOT_A_FEED, "a sitemap index that names only sitemaps of other sites", self.first.response
        )

    @property
    def error(self) -> str | None:
        """What could not be read, of a poll that did not fail."""
        if not self.troubles:
            return None
        url, trouble = self.troubles[0]
        asked = len(self.troubles) + len(self.looks) + len(self.useless)
        return f"{len(self.troubles)} of {asked} sitemaps not read; {url}: {trouble.sentence}"

    @property
    def limited(self) -> Response | None:
        """The answer of a host that wants to be left alone."""
        results = (trouble.result for _, trouble in self.troubles if trouble.outcome is Outcome.RATE_LIMITED)
        return next((result for result in results if isinstance(result, Response)), None)

    def tried(self, before: SourceState) -> SourceState:
        """The state after a poll that failed: only whose turn is next changes."""
        was = {one.url: one for one in before.documents}
        documents = (replace(was.get(one.url, unread(one)), asked=one.asked) for one in self.documents)
        return replace(before, documents=tuple(documents))

    @property
    def kept(self) -> frozenset[int]:
        """The digests of what stands in documents that were not read anew."""
        fresh = {one.state.url for one in self.looks if one.feed is not None}
        return frozenset().union(*(one.listed for one in self.documents if one.url not in fresh))

    def feed(self) -> tuple[ParsedFeed, tuple[int, ...]]:
        """What is new, as one feed, with the digests of its items; the same item in two documents counts once."""
        fresh = [one for one in (self.first, *self.looks) if one.feed is not None]
        if len(fresh) == 1 and fresh[0].feed is not None and not self.problems:
            return fresh[0].feed, fresh[0].said
        items: dict[int, Item] = {}
        problems = list(self.problems)
        for one in fresh:
            if one.feed is not None:
                problems += one.feed.problems
                for said, item in zip(one.said, one.feed.items, strict=True):
                    items.setdefault(said, item if item.base else replace(item, base=one.response.url))
        telling = next((one.feed for one in fresh if one.feed is not None and one.feed.items), fresh[0].feed)
        path = max((one.feed.path for one in fresh if one.feed is not None), key=_PATHS.index)
        feed = replace(telling or ParsedFeed(), items=tuple(items.values()), problems=tuple(problems), path=path)
        return feed, tuple(items)


_PATHS = ("json", "strict", "repaired", "lenient", "page")


def gather(claim: Claim, source: Source, manner: Manner, answer: Answer) -> Exchange[Gathered | Trouble]:
    """Looks at the answer to the first request, and at what that document leads to."""
    state = claim.state
    own = DocumentState(
        url=state.url,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        listed=frozenset() if state.follow else state.listed,
        follow=state.follow,
    )
    first = look(answer.result, own, source, known=state.last_success is not None)
    if isinstance(first, Trouble):
        return first
    gathered = Gathered(first=first, now=answer.now)
    if first.state.follow and source.kind != "page":  # robots.txt has a say in what pages lead to
        yield from _follow(gathered, claim, source, manner)
    return gathered


def _follow(gathered: Gathered, claim: Claim, source: Source, manner: Manner) -> Exchange[None]:
    """Asks for some of the documents that were named, and notes what each came to; the turn of others comes later."""
    known = {one.url: one for one in claim.state.documents}
    first = gathered.first
    named = list(leads(first.state.follow, _dates(first), first.response.url, 1, known))
    seen = {claim.state.url, first.response.url}
    for turn in range(MOST):
        waiting = [lead for lead in _allowed(gathered, named) if lead.url not in seen]
        if not waiting:
            break
        lead = chosen(turn, waiting, known)
        left = claim.until - RESERVE - gathered.now
        if left <= timedelta(0) or gathered.limited:
            _leave(gathered, lead.url)
            break
        was = known.get(lead.url) or DocumentState(url=lead.url)
        answer = yield _request(was, claim, source, min(manner.deadline, left))
        gathered.now = answer.now
        found = look(answer.result, was, source, known=was.body_hash is not None, own=False)
        known[lead.url] = replace(_note(gathered, found, was), changed=lead.changed, asked=answer.now)
        seen.add(lead.url)
        if isinstance(found, Look):
            seen.add(found.response.url)
            if lead.depth < DEPTH:
                below = leads(found.state.follow, _dates(found), found.response.url, lead.depth + 1, known)
                named = list(replaced(named, lead, list(below)))
    gathered.documents = remembered(known, named)


def _dates(found: Look) -> dict[str, datetime | None] | None:
    return dict(zip(found.feed.follow, found.feed.followed, strict=False)) if found.feed is not None else None


def _allowed(gathered: Gathered, named: Iterable[Lead]) -> Iterator[Lead]:
    """The leads that stay on their site; of the others it is said once."""
    told = {problem.detail for problem in gathered.problems}
    for lead in named:
        if same_site(lead.url, lead.named_by):
            yield lead
        elif lead.url not in told:
            told.add(lead.url)
            gathered.problems.append(Problem(reason=Reason.ANOTHER_SITE, detail=lead.url))


def _leave(gathered: Gathered, url: str) -> None:
    """No more is asked in this poll; what was not asked stays as it is."""
    if not gathered.limited:
        late = FetchError(Outcome.TIMEOUT, "was not asked, for the others took too long")
        gathered.troubles.append((url, Trouble(Outcome.TIMEOUT, str(late), late)))


def _note(gathered: Gathered, found: Look | Trouble, was: DocumentState) -> DocumentState:
    """Notes what a document came to; its state, as it was where it could not be read."""
    if isinstance(found, Look):
        gathered.looks.append(found)
    elif found.state is not None:
        gathered.useless.append(found)
    else:
        gathered.troubles.append((was.url, found))
    return found.state or was


def _request(known: DocumentState, claim: Claim, source: Source, deadline: timedelta) -> Request:
    own = origin(known.url) == origin(source.url)
    return Request(
        key=source.name,
        url=known.url,
        etag=known.etag,
        last_modified=known.last_modified,
        headers=source.headers if own else (),
        accept=SITEMAP_TYPES,
        private=may_be_private(known.url, claim, source),
        deadline=deadline,
    )


def may_be_private(url: str, claim: Claim, source: Source) -> bool:
    """Whether an address that a poll asks may be one of the own network: never beside the source's own origin.

    The own network is asked where the address says that it is there, or the source that it may be: a name of the open
    internet that somebody's list brought could come to mean any host of it, from one request of a poll to the next.
    """
    if claim.state.url != source.url or origin(url) != origin(source.url):
        return False
    return source.private or is_local(source.url)


def same_site(url: str, other: str) -> bool:
    """Whether a document may lead there: to its own host, or to another one of the same registrable domain."""
    one, two = origin(url), origin(other)
    if one is None or two is None:
        return False
    if one[1:] == two[1:]:
        return True
    shared = domain(url)
    return shared is not None and shared == domain(other) and {one[2], two[2]} <= {80, 443}


def origin(url: str) -> Origin | None:
    """Scheme, host and port of a URL; None for what is no http(s) URL."""
    try:
        return hops.origin(url)
    except Cut:
        return None
