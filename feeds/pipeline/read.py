"""Reading one source: from its first request to drafts. No store, no transaction; what goes wrong is a value."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from feeds import schedule, sections
from feeds.dedupe.keys import Draft, draft, guid_key, is_trusted
from feeds.dedupe.versions import superseded
from feeds.errors import FetchError
from feeds.fetch.robots import Memory
from feeds.model import (
    Article,
    Claim,
    Item,
    Outcome,
    ParsedFeed,
    Poll,
    Problem,
    Request,
    Response,
    Source,
    SourceState,
)
from feeds.normalise.links import resolve
from feeds.normalise.moments import moments
from feeds.pipeline.documents import Gathered, Trouble, gather, may_be_private, no_answer
from feeds.pipeline.exchange import Answer, Exchange
from feeds.pipeline.pages import PAGE_TYPES, Asking, Pages, catch_up, complete
from feeds.pipeline.permission import permission, permission_after
from feeds.pipeline.rules import Manner
from feeds.pipeline.teased import articles, own_articles
from feeds.store.store import host_of

logger = logging.getLogger(__name__)

LONG = 20_000  # characters

FAULT = "a fault of Copydesk's own; the log has its trace, please report it"


class Read(Struct, frozen=True, kw_only=True):
    """One source's poll, ready to be settled.

    `drafts` are the items that are new or changed, oldest first; `present` the trusted guids and the digests of the
    whole document, `repeated` the keys that several of its items carry, both empty without drafts; `host_free_at` binds
    the source's host until then.
    """

    claim: Claim
    source: Source
    poll: Poll
    state: SourceState  # after the poll
    host: str
    drafts: tuple[Draft, ...] = ()
    late: tuple[tuple[int, Article], ...] = ()  # (digest of an item, what its page says), of articles of earlier polls
    present: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    host_free_at: datetime | None = None

    @property
    def weight(self) -> int:
        """How much there is to settle: drafts, of which a long one counts for several."""
        articles = (*(d.article for d in self.drafts), *(page for _, page in self.late))
        return sum(1 + len(one.content) // LONG for one in articles)


def request(claim: Claim, source: Source, manner: Manner) -> Request:
    """What to fetch for a claim."""
    return Request(
        key=source.name,
        url=claim.state.url,
        etag=claim.state.etag,
        last_modified=claim.state.last_modified,
        headers=source.headers,
        private=may_be_private(claim.state.url, claim, source),
        deadline=manner.deadline,
    )


def read(claim: Claim, source: Source, manner: Manner, robots: Memory, now: datetime) -> Exchange[Read]:
    """A source's poll, from its first request to what came of it.

    Total: a fault of ours is logged and becomes the outcome "crashed".
    """
    exchange, answer = _read(claim, source, manner, robots, now), None
    try:
        asked = next(exchange)
        while True:
            answer = yield asked
            asked = exchange.send(answer)
    except StopIteration as end:
        read: Read = end.value
        return read
    except Exception:
        logger.exception("%s: a fault of Copydesk's own; please report it", source.name)
        now, result = (answer.now, answer.result) if answer else (now, None)
        return crashed(claim, source, _poll(source, Outcome.CRASHED, result, now), now)


def crashed(claim: Claim, source: Source, poll: Poll, now: datetime) -> Read:
    """A poll that a fault of ours spoilt: it brings nothing, nothing vouches for its body, and the source waits."""
    failures = claim.state.failures + 1
    wait = min(schedule.FLOOR * 2 ** min(failures - 1, 10), schedule.CAP)
    state = replace(claim.state, next_poll=now + wait, last_poll=now, failures=failures, last_error=FAULT)
    poll = replace(poll, outcome=Outcome.CRASHED, error=FAULT, items=0)
    return Read(claim=claim, source=source, poll=poll, state=state, host=host_of(claim.state.url))


def _read(claim: Claim, source: Source, manner: Manner, robots: Memory, now: datetime) -> Exchange[Read]:
    if source.kind == "page":
        return (yield from _page(claim, source, manner, robots, now))
    answer = yield request(claim, source, manner)
    return (yield from _documents(claim, source, manner, robots, answer))


def _page(claim: Claim, source: Source, manner: Manner, robots: Memory, now: datetime) -> Exchange[Read]:
    """A page is read only where robots.txt allows it, redirects included."""
    asked = replace(request(claim, source, manner), accept=PAGE_TYPES)
    permit = yield from permission(asked, robots, now)
    if permit.refusal is None:
        answer = yield replace(asked, spacing=permit.spacing)
        if isinstance(answer.result, FetchError):
            return _failed(claim, source, no_answer(answer.result), manner, answer.now)
        permit = yield from permission_after(asked, answer.result, robots, answer.now)
    if permit.refusal is not None:
        return _failed(claim, source, Trouble(Outcome.DISALLOWED, permit.refusal, None), manner, permit.now)
    return (yield from _documents(claim, source, manner, robots, answer))


def _documents(claim: Claim, source: Source, manner: Manner, robots: Memory, answer: Answer) -> Exchange[Read]:
    gathered = yield from gather(claim, source, manner, answer)
    if isinstance(gathered, Trouble):
        return _failed(claim, source, gathered, manner, answer.now)
    if gathered.failure is not None:
        tried = replace(claim, state=gathered.tried(claim.state))
        return _failed(tried, source, gathered.failure, manner, gathered.now)
    if gathered.outcome is Outcome.FRESH:
        return (yield from _fresh(claim, source, gathered, manner, robots))
    return (yield from _unchanged(claim, source, gathered, manner, robots))


def _poll(source: Source, outcome: Outcome, result: Response | FetchError | None, now: datetime) -> Poll:
    if not isinstance(result, Response):
        return Poll(source=source.name, at=now, outcome=outcome)
    return Poll(
        source=source.name,
        at=now,
        outcome=outcome,
        status=result.status,
        elapsed=result.elapsed,
        wire_bytes=result.wire_bytes,
    )


def _failed(claim: Claim, source: Source, trouble: Trouble, manner: Manner, now: datetime) -> Read:
    poll = replace(_poll(source, trouble.outcome, trouble.result, now), error=trouble.sentence)
    return _planned(claim, source, poll, claim.state, trouble.result, None, manner, now)


def _looked(source: Source, gathered: Gathered) -> Poll:
    """The poll of all documents together; its status is the first one's."""
    others = [one.response for one in gathered.looks]
    poll = _poll(source, gathered.outcome, gathered.first.response, gathered.now)
    return replace(
        poll,
        elapsed=sum((one.elapsed for one in others), poll.elapsed),
        wire_bytes=sum((one.wire_bytes for one in others), poll.wire_bytes),
        error=gathered.error,
    )


def _unchanged(claim: Claim, source: Source, gathered: Gathered, manner: Manner, robots: Memory) -> Exchange[Read]:
    pages = Pages(items=[], now=gathered.now)
    if _wants_pages(source):
        yield from catch_up(pages, Asking(claim=claim, source=source, manner=manner, robots=robots))
    poll = replace(_looked(source, gathered), items=len(claim.state.listed))
    poll = replace(poll, error=poll.error or pages.error)
    state = replace(claim.state, documents=tuple(gathered.documents), wanted=pages.wanted)
    planned = _planned(claim, source, poll, state, gathered.first.response, None, manner, pages.now)
    return _bound(replace(planned, late=tuple(pages.late)), gathered, pages.limited)


def _wants_pages(source: Source) -> bool:
    return source.full_text and not source.paywall


def _fresh(claim: Claim, source: Source, gathered: Gathered, manner: Manner, robots: Memory) -> Exchange[Read]:
    """Bodies that were read: the items that we do not know as they are become drafts."""
    feed, said = gathered.feed()
    first, now = gathered.first, gathered.now
    old = superseded(feed.items, lambda item: _dated(item, source, now))
    current = [d for place, d in enumerate(said) if place not in old]
    fresh = [place for place, d in enumerate(said) if d not in claim.state.listed and place not in old]
    pages = Pages(items=list(feed.items), now=gathered.now)
    if _wants_pages(source):
        asking = Asking(claim=claim, source=source, manner=manner, robots=robots)
        yield from complete(pages, fresh, said, first.response.url, asking)
        yield from catch_up(pages, asking)
    feed, now = replace(feed, items=tuple(pages.items)), pages.now
    problems = list(feed.problems)
    url = first.response.url
    drafts = list(_drafts([(place, said[place]) for place in fresh], feed, source, url, manner, now, problems))
    kept = gathered.kept
    state = replace(_listing(claim.state, gathered, feed, url, kept.union(current)), wanted=pages.wanted)
    poll = replace(
        _looked(source, gathered),
        format=feed.format,
        path=feed.path,
        items=len(feed.items) + len(kept),
        error=gathered.error or pages.error,
        skipped=tuple(problems[:50]),
    )
    planned = _planned(claim, source, poll, state, first.response, first.feed, manner, now)
    if sum(not one.teaser for _, one in drafts) < len(fresh) or any(
        problem.reason == "cut off" for problem in problems
    ):
        planned = replace(planned, state=_unsettled(claim.state, planned.state))
    if drafts:
        listed = [item for place, item in enumerate(feed.items) if place not in old]
        planned = _with_drafts(planned, feed.items, listed, kept.union(current), drafts)
    return _bound(replace(planned, late=tuple(pages.late)), gathered, pages.limited)


def _listing(
    before: SourceState, gathered: Gathered, feed: ParsedFeed, url: str, listed: frozenset[int]
) -> SourceState:
    """The state after bodies that were read: what they list, and what they say of themselves."""
    return replace(
        before,
        body_hash=gathered.first.state.body_hash,
        listed=listed,
        follow=gathered.first.state.follow,
        documents=tuple(gathered.documents),
        title=_title(feed) or before.title,
        home=resolve(url, feed.link) or before.home,
    )


def _bound(planned: Read, gathered: Gathered, page: Response | None = None) -> Read:
    """A host that asked for fewer requests on the way is left alone, though the poll is a success."""
    limited = gathered.limited or page
    if limited is None:
        return planned
    return replace(planned, host_free_at=schedule.retry_after(limited.headers, 429, gathered.now))


def _dated(item: Item, source: Source, now: datetime) -> datetime | None:
    """When the source says that it changed an item last."""
    when = moments(item, None, source.timezone, now)
    return when.updated if when.published_from in ("published", "updated") else None


def _with_drafts(
    planned: Read,
    items: Sequence[Item],
    current: Sequence[Item],
    said: frozenset[int],
    drafts: Sequence[tuple[int, Draft]],
) -> Read:
    """The oldest first, and of equal age the last of the document: most list their newest first."""
    guids, links = _carried_by_several(current, "guid"), _carried_by_several(current, "link")
    repeated = {guid_key(guid) for guid in guids}
    for place, one in ((place, one) for place, one in drafts if not one.teaser):
        if one.guid_key is not None and items[place].guid in guids:
            repeated.add(one.guid_key)
        if items[place].link in links:
            repeated.update(one.weak)
    return replace(
        planned,
        drafts=tuple(d for _, d in sorted(drafts, key=lambda pair: (pair[1].article.published, -pair[0]))),
        present=frozenset(guid_key(item.guid) for item in current if item.guid and is_trusted(item.guid)).union(said),
        repeated=frozenset(repeated),
    )


def _carried_by_several(items: Sequence[Item], name: Literal["guid", "link"]) -> set[str]:
    """The guids or links that several items of a document carry; equal guid and equal text are one item."""
    count = Counter(value for item in items if (value := getattr(item, name)))
    if len(count) == count.total():
        return set()
    different = {(getattr(item, name), item.guid, item.title, item.summary, item.content) for item in items}
    return {value for value, n in Counter(one[0] for one in different if one[0]).items() if n > 1}


def _unsettled(before: SourceState, after: SourceState) -> SourceState:
    """The state after a poll that lost an item, to a fault of ours or a cut: nothing may vouch for that body."""
    return replace(after, etag=None, last_modified=None, body_hash=None, listed=before.listed, follow=(), documents=())


def _drafts(
    said: Sequence[tuple[int, int]],
    feed: ParsedFeed,
    source: Source,
    url: str,
    manner: Manner,
    now: datetime,
    problems: list[Problem],
) -> Iterator[tuple[int, Draft]]:
    """(place, draft) of the items at (place, digest); one that trips over a fault of ours is tried again next time."""
    told: set[int] = set()
    owned = own_articles([feed.items[place] for place, _ in said], feed, source, url, now, [d for _, d in said])
    for (place, known_digest), own in zip(said, owned, strict=True):
        item = feed.items[place]
        try:
            for article in articles(item, feed, source, url, now, known_digest, own):
                if (teaser := article.digest != known_digest) and article.digest in told:
                    continue
                told.add(article.digest)
                dropped = _dropped(article, source, manner)
                yield place, draft(article, dropped, joins=source.dedupe, teaser=teaser)
        except Exception:
            logger.exception("%s: item %d (%s): a fault of Copydesk's own", source.name, place, item.guid or item.link)
            named = (item.guid or item.link or "")[:200] or None
            problems.append(Problem(reason="crashed", position=place, detail=named))


def _dropped(article: Article, source: Source, manner: Manner) -> str | None:
    return sections.dropped(article, source.drop, manner.drop) if source.drop or manner.drop else None


def _title(feed: ParsedFeed) -> str | None:
    from feeds.normalise.markup import to_text

    return to_text(feed.title).strip()[:200] or None if feed.title else None


def _planned(
    claim: Claim,
    source: Source,
    poll: Poll,
    state: SourceState,
    result: Response | FetchError | None,
    feed: ParsedFeed | None,
    manner: Manner,
    now: datetime,
) -> Read:
    """The poll with the state after it: when to ask next, and where."""
    response = result if isinstance(result, Response) else None
    state = schedule.plan(state, source, poll, now=now, default=manner.interval, response=response, feed=feed)
    limited = response is not None and response.status == 429
    host_free_at = schedule.retry_after(response.headers, 429, now) if response is not None and limited else None
    return Read(
        claim=claim, source=source, poll=poll, state=state, host=host_of(claim.state.url), host_free_at=host_free_at
    )
