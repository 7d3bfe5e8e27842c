"""The door to the web: takes a stream of requests and gives responses as they finish."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

from msgspec.structs import replace

from feeds.errors import FetchError
from feeds.fetch.bounds import Cut, Limits, size
from feeds.fetch.coding import decode, unpacked
from feeds.fetch.guard import Resolver
from feeds.fetch.hops import REDIRECTS, Step, follow
from feeds.fetch.politeness import Hosts
from feeds.fetch.run import Run, failure
from feeds.model import Outcome, Request, Response

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

ERROR_BODY = 64 * 1024  # bytes kept of what comes with a status of 400 or more

log = logging.getLogger(__name__)


class Fetcher:
    """Fetches with bounded time, memory and manners, whatever the other side does.

    `per_host` requests at a time go to one host, their starts `spacing` apart, across all that one Fetcher does.
    On the loopback each port is a host of its own.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        workers: int = 16,
        per_host: int = 1,
        spacing: timedelta = timedelta(seconds=1),
        limits: Limits | None = None,
    ) -> None:
        from feeds.fetch import wire  # requests costs 0.1 s to import: not before something is to be fetched

        self._user_agent = user_agent
        self._workers = workers
        self._limits = limits or Limits()
        self._hosts = Hosts(per_host, spacing)
        self._lock = threading.Lock()
        self._wire = wire
        self._runs: WeakSet[Run] = WeakSet()
        self._stopped = False
        resolver = Resolver()
        # Connections to private addresses are kept apart, lest a redirect finds one open and passes the guard.
        self._public = wire.Adapter(self._limits, resolver, guarded=True, per_host=per_host)
        self._private = wire.Adapter(self._limits, resolver, guarded=False, per_host=per_host)

    def fetch(
        self, requests: Iterable[Request | None], idle: Callable[[], object] | None = None
    ) -> Iterator[tuple[Request, Response | FetchError]]:
        """Responses, or why there is none, as they finish; requests are taken one by one, a little ahead.

        None among them: nothing just now; asked again after the next result, which may make for more. A status of
        400 or more is a Response. After a 429, what else was to go to that host ends as "rate limited".
        Closing the iterator drops what has not begun. `idle` is called after each second in which nothing came.
        """
        run = Run(self._take, self._workers, self._hosts, self._lock)
        self._runs.add(run)
        if self._stopped:
            run.stop()
        return run.results(requests, idle)

    def stop(self) -> None:
        """End every `fetch` with what has arrived, from any thread; later ones end as they begin."""
        self._stopped = True
        for run in tuple(self._runs):
            run.stop()

    def close(self) -> None:
        """Close the connections that were kept."""
        self._public.close()
        self._private.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, step: Step) -> Step | Response | FetchError:
        """One step, to its end or to the next step. Never raises."""
        try:
            return self._ask(step)
        except Cut as cut:
            return failure(step.url, cut, step.request.url)
        except Exception as fault:
            log.exception("fetching %s failed by a fault of ours", step.request.key)
            what = f"could not be fetched by a fault of ours ({type(fault).__name__}); the log has more"
            return failure(step.url, Cut(Outcome.CRASHED, what))

    def _ask(self, step: Step) -> Step | Response:
        began = monotonic()
        if step.left <= 0:
            raise Cut(Outcome.TIMEOUT, "was not reached in time")
        adapter = self._private if step.private else self._public
        raw = self._wire.ask(adapter, step, self._user_agent)
        headers = {name.lower(): value for name, value in raw.headers.itermerged()}
        if raw.status in REDIRECTS:
            self._wire.leave(raw)
            onward = follow(step, raw.status, headers, self._limits.hops)
            return replace(onward, left=step.left - (monotonic() - began))
        body = self._body(step, raw, headers)
        return Response(
            url=step.url,
            status=raw.status,
            headers=headers,
            body=body,
            fetched_at=datetime.now(UTC),
            elapsed=step.request.deadline - timedelta(seconds=step.left - (monotonic() - began)),
            hops=step.hops,
            wire_bytes=raw.tell(),
        )

    def _body(self, step: Step, raw: "BaseHTTPResponse", headers: Mapping[str, str]) -> bytes:
        coding = headers.get("content-encoding", "")
        try:
            if raw.status >= 400:
                return _decoded_or_nothing(self._wire.read_some(raw, ERROR_BODY), coding)
            _check(step, raw.status, headers)
            if (raw.length_remaining or 0) > self._limits.wire_bytes:
                raise Cut(Outcome.TOO_LARGE, f"announced more than {size(self._limits.wire_bytes)} of body")
            return unpacked(
                decode(self._wire.read(raw), coding, self._limits.decoded_bytes), self._limits.decoded_bytes
            )
        except BaseException:
            raw.close()
            raise


def _decoded_or_nothing(body: bytes, coding: str) -> bytes:
    try:
        return decode(body, coding, ERROR_BODY)
    except Cut:
        return b""


def _check(step: Step, status: int, headers: Mapping[str, str]) -> None:
    """Raise Cut for an answer whose body would not be what was asked for."""
    if status == 206:
        raise Cut(Outcome.BAD_RESPONSE, "sent a part (206) though nobody asked for one")
    if status == 304 and not step.conditional:
        raise Cut(Outcome.BAD_RESPONSE, "answered 304 (not modified) though nobody asked what changed")
    if status < 200:
        raise Cut(Outcome.BAD_RESPONSE, f"answered {status}, which ends nothing")
    if 300 <= status < 400 and status != 304:
        raise Cut(Outcome.REDIRECT, f"answered {status}, which leads nowhere")
    framing = headers.get("transfer-encoding", "chunked").strip().lower()
    if framing not in ("chunked", "identity"):
        raise Cut(Outcome.BAD_RESPONSE, f"framed its answer as {framing[:20]!r}; only chunked is understood")
