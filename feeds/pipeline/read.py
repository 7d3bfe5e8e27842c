"""Reading one source: from a response to drafts. No store, no transaction; what goes wrong is a value."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from feeds import schedule, sections
from feeds.dedupe import Draft, draft, guid_key, is_trusted
from feeds.errors import FetchError, ParseError
from feeds.fetch.guard import is_local
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
from feeds.normalise import digest, normalise
from feeds.parse import parse
from feeds.pipeline.rules import Manner
from feeds.store.codec import hash_bytes
from feeds.store.store import host_of

logger = logging.getLogger(__name__)

LONG = 20_000  # characters

FAULT = "a fault of Copydesk's own; the log has its trace, please report it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
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
    present: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    host_free_at: datetime | None = None

    @property
    def weight(self) -> int:
        """How much there is to settle: drafts, of which a long one counts for several."""
        return sum(1 + len(d.article.content) // LONG for d in self.drafts)


def request(claim: Claim, source: Source, manner: Manner) -> Request:
    """What to fetch for a claim.

    The own network is asked where the address says that it is there, or the source that it may be: a name of the open
    internet that somebody's list brought could come to mean any host of it.
    """
    return Request(
        key=source.name,
        url=claim.state.url,
        etag=claim.state.etag,
        last_modified=claim.state.last_modified,
        headers=source.headers,
        private=claim.state.url == source.url and (source.private or is_local(source.url)),
        deadline=manner.deadline,
    )


def read(claim: Claim, source: Source, result: Response | FetchError, manner: Manner, now: datetime) -> Read:
    """What a source's answer comes to; total: a fault of ours is logged and becomes the outcome "crashed"."""
    try:
        return _read(claim, source, result, manner, now)
    except Exception:
        logger.exception("%s: a fault of Copydesk's own; please report it", source.name)
        return crashed(claim, source, _poll(source, Outcome.CRASHED, result, now), now)


def crashed(claim: Claim, source: Source, poll: Poll, now: datetime) -> Read:
    """A poll that a fault of ours spoilt: it brings nothing, nothing vouches for its body, and the source waits."""
    failures = claim.state.failures + 1
    wait = min(schedule.FLOOR * 2 ** min(failures - 1, 10), schedule.CAP)
    state = replace(claim.state, next_poll=now + wait, last_poll=now, failures=failures, last_error=FAULT)
    poll = replace(poll, outcome=Outcome.CRASHED, error=FAULT, items=0)
    return Read(claim=claim, source=source, poll=poll, state=state, host=host_of(claim.state.url))


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
        feed = parse(result.body, result.url, result.headers, source.kind)
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
    said = [digest(item) for item in feed.items]
    fresh = [place for place, d in enumerate(said) if d not in claim.state.listed]
    problems = list(feed.problems)
    drafts = list(_drafts([(place, said[place]) for place in fresh], feed, source, response.url, manner, now, problems))
    state = replace(
        claim.state,
        body_hash=body_hash,
        listed=frozenset(said),
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
    planned = _planned(claim, source, poll, state, response, feed, manner, now)
    if len(drafts) < len(fresh) or any(problem.reason == "cut off" for problem in problems):
        planned = replace(planned, state=_unsettled(claim.state, planned.state))
    return _with_drafts(planned, feed.items, said, drafts) if drafts else planned


def _with_drafts(
    planned: Read, items: Sequence[Item], said: Sequence[int], drafts: Sequence[tuple[int, Draft]]
) -> Read:
    """The oldest first, and of equal age the last of the document: most list their newest first."""
    guids, links = _carried_by_several(items, "guid"), _carried_by_several(items, "link")
    repeated = {guid_key(guid) for guid in guids}
    for place, one in drafts:
        if one.guid_key is not None and items[place].guid in guids:
            repeated.add(one.guid_key)
        if items[place].link in links:
            repeated.update(one.weak)
    return replace(
        planned,
        drafts=tuple(d for _, d in sorted(drafts, key=lambda pair: (pair[1].article.published, -pair[0]))),
        present=frozenset(guid_key(item.guid) for item in items if item.guid and is_trusted(item.guid)).union(said),
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
    return replace(after, etag=None, last_modified=None, body_hash=None, listed=before.listed)


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
    for place, known_digest in said:
        item = feed.items[place]
        try:
            article = normalise(item, feed, source, url, now, known_digest)
            yield place, draft(article, _dropped(article, source, manner))
        except Exception:
            logger.exception("%s: item %d (%s): a fault of Copydesk's own", source.name, place, item.guid or item.link)
            problems.append(Problem(reason="crashed", position=place, detail=item.guid or item.link))


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
