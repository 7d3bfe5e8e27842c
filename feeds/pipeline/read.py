"""Reading one source: from a response to drafts. No store, no transaction; what goes wrong is a value."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds import schedule, sections
from feeds.dedupe import Draft, draft, said_keys
from feeds.errors import FetchError, ParseError
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
    Rules,
    Source,
    SourceState,
)
from feeds.normalise import digest, normalise
from feeds.parse import parse
from feeds.store.codec import hash_bytes
from feeds.store.store import host_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One source's poll, ready to be settled.

    `drafts` are the items that are new or changed, oldest first; `present` the guids of the whole document,
    `repeated` the keys that several of its items carry; `host_free_at` binds the source's host until then.
    """

    claim: Claim
    source: Source
    poll: Poll
    state: SourceState  # after the poll
    host: str
    drafts: tuple[Draft, ...] = ()
    present: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    host_free_at: datetime | None = None


NO_RULES = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How sources are read: what is dropped everywhere, and how often a source is asked that names no interval."""

    drop: Rules = NO_RULES
    interval: timedelta = timedelta(minutes=30)
    deadline: timedelta = timedelta(seconds=60)


def request(claim: Claim, source: Source, manner: Manner) -> Request:
    """What to fetch for a claim."""
    return Request(
        key=source.name,
        url=claim.state.url,
        etag=claim.state.etag,
        last_modified=claim.state.last_modified,
        headers=source.headers,
        private=claim.state.url == source.url,
        deadline=manner.deadline,
    )


def read(claim: Claim, source: Source, result: Response | FetchError, manner: Manner, now: datetime) -> Read:
    """What a source's answer comes to; total: a fault of ours is logged and becomes the outcome "crashed"."""
    try:
        return _read(claim, source, result, manner, now)
    except Exception:
        logger.exception("%s: a fault of Copydesk's own; please report it", source.name)
        sentence = "a fault of Copydesk's own; the log has its trace, please report it"
        return _failed(claim, source, Outcome.CRASHED, sentence, result, manner, now)


def _read(claim: Claim, source: Source, result: Response | FetchError, manner: Manner, now: datetime) -> Read:
    if isinstance(result, FetchError):
        return _failed(claim, source, Outcome(result.kind), str(result), result, manner, now)
    refused = _refusal(claim, result)
    if refused is not None:
        return _failed(claim, source, *refused, result, manner, now)
    if result.status == 304:
        return _unchanged(claim, source, Outcome.NOT_MODIFIED, result, manner, now)
    body_hash = hash_bytes(result.body)
    if body_hash == claim.state.body_hash:
        return _unchanged(claim, source, Outcome.SAME_BYTES, result, manner, now)
    try:
        feed = parse(result.body, result.url, result.headers)
    except ParseError as error:
        return _failed(claim, source, Outcome(error.kind), str(error), result, manner, now)
    return _fresh(claim, source, feed, result, body_hash, manner, now)


def _refusal(claim: Claim, response: Response) -> tuple[Outcome, str] | None:
    """The outcome and sentence of a response that brings no body to read; None for one that does, or a 304."""
    status = response.status
    if status == 410:
        return (
            Outcome.GONE,
            "the server says that the feed is gone for good (410); remove it or set its new url",
        )
    if status == 429:
        return Outcome.RATE_LIMITED, "the server asks for fewer requests (429); raise the source's interval"
    if status == 304 and claim.state.last_success is None:
        return Outcome.BAD_RESPONSE, "the server answered 304 to a request without conditions"
    if status == 304 or (200 <= status < 300 and status not in (204, 205, 206)):
        return None
    if status in (204, 205):
        return Outcome.EMPTY, f"the server answered without a body ({status})"
    if status == 206:
        return Outcome.BAD_RESPONSE, "the server answered with a part only (206)"
    hints = {401: "; set the source's headers", 403: "; the server refuses us", 404: "; check the source's url"}
    return Outcome.HTTP_ERROR, f"the server answered {status}{hints.get(status, '')}"


def _poll(source: Source, outcome: Outcome, result: Response | FetchError, now: datetime) -> Poll:
    if isinstance(result, FetchError):
        return Poll(source=source.name, at=now, outcome=outcome)
    return Poll(
        source=source.name,
        at=now,
        outcome=outcome,
        status=result.status,
        elapsed=result.elapsed,
        wire_bytes=result.wire_bytes,
    )


def _failed(
    claim: Claim,
    source: Source,
    outcome: Outcome,
    sentence: str,
    result: Response | FetchError,
    manner: Manner,
    now: datetime,
) -> Read:
    poll = replace(_poll(source, outcome, result, now), error=sentence)
    return _planned(claim, source, poll, claim.state, result, None, manner, now)


def _unchanged(
    claim: Claim, source: Source, outcome: Outcome, response: Response, manner: Manner, now: datetime
) -> Read:
    poll = replace(_poll(source, outcome, response, now), items=len(claim.state.listed))
    return _planned(claim, source, poll, claim.state, response, None, manner, now)


def _fresh(
    claim: Claim,
    source: Source,
    feed: ParsedFeed,
    response: Response,
    body_hash: int,
    manner: Manner,
    now: datetime,
) -> Read:
    """A body that was read: the items that we do not know as they are become drafts."""
    said = [(item, digest(item)) for item in feed.items]
    fresh = [(item, d) for item, d in said if d not in claim.state.listed]
    problems = list(feed.problems)
    drafts = list(_drafts(fresh, feed, source, response.url, manner, now, problems))
    lost = len(fresh) - len(drafts)
    state = replace(
        claim.state,
        body_hash=body_hash,
        listed=frozenset(d for _, d in said),
        title=_title(feed) or claim.state.title,
        home=feed.link or claim.state.home,
        language=feed.language or claim.state.language,
    )
    poll = replace(
        _poll(source, Outcome.FRESH, response, now),
        format=feed.format,
        path=feed.path,
        items=len(feed.items),
        skipped=tuple(problems[:50]),
    )
    present, repeated = _document_keys([item for item, _ in said])
    planned = _planned(claim, source, poll, state, response, feed, manner, now)
    return replace(
        planned,
        state=planned.state if not lost else _unsettled(claim.state, planned.state),
        drafts=tuple(d for _, d in sorted(drafts, key=lambda pair: (pair[1].article.published, -pair[0]))),
        present=present,
        repeated=repeated | _repeated_links([item for item, _ in said], drafts, fresh),
    )


def _unsettled(before: SourceState, after: SourceState) -> SourceState:
    """The state after a poll that lost an item to a fault of ours: nothing may vouch for that body."""
    return replace(after, etag=None, last_modified=None, body_hash=None, listed=before.listed)


def _drafts(
    fresh: list[tuple[Item, int]],
    feed: ParsedFeed,
    source: Source,
    url: str,
    manner: Manner,
    now: datetime,
    problems: list[Problem],
) -> Iterator[tuple[int, Draft]]:
    """(place, draft) of each item; one that trips over a fault of ours is logged, and tried again next time."""
    for place, (item, _) in enumerate(fresh):
        try:
            article = normalise(item, feed, source, url, now)
            yield place, draft(article, _dropped(article, source, manner))
        except Exception:
            logger.exception("%s: item %d (%s): a fault of Copydesk's own", source.name, place, item.guid or item.link)
            problems.append(Problem(reason="crashed", position=place, detail=item.guid or item.link))


def _dropped(article: Article, source: Source, manner: Manner) -> str | None:
    return sections.dropped(article, source.drop, manner.drop) if source.drop or manner.drop else None


def _title(feed: ParsedFeed) -> str | None:
    from feeds.normalise.markup import to_text

    return to_text(feed.title).strip()[:200] or None if feed.title else None


def _document_keys(items: list[Item]) -> tuple[frozenset[int], frozenset[int]]:
    """(the guids of a document, those of them that several different items carry)."""
    guids = Counter(said_keys(item)[0] for item in items)
    guids.pop(None, None)
    repeated = [k for k, n in guids.items() if n > 1 and k is not None]
    return frozenset(k for k in guids if k is not None), frozenset(repeated)


def _repeated_links(
    items: list[Item], drafts: list[tuple[int, Draft]], fresh: list[tuple[Item, int]]
) -> frozenset[int]:
    """The weaker keys of drafts whose link stands on several items of the document."""
    links = Counter(item.link for item in items if item.link)
    shared = {place for place, (item, _) in enumerate(fresh) if item.link and links[item.link] > 1}
    return frozenset(k for place, one in drafts if place in shared for k in one.weak)


def _planned(
    claim: Claim,
    source: Source,
    poll: Poll,
    state: SourceState,
    result: Response | FetchError,
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
