"""Many requests at once: a queue per host, worker threads, results as they come."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from math import inf
from time import monotonic

from feeds.errors import FetchError
from feeds.fetch.bounds import Cut
from feeds.fetch.hops import Step, first, place
from feeds.fetch.politeness import Hosts, host_of, wished
from feeds.model import Outcome, Request, Response

READ_AHEAD = 8  # requests taken from the caller per worker, to have other hosts at hand when one is busy
QUIET = 1.0  # seconds without a result, after which the caller may do something else
LOOK_AGAIN = 1.0  # seconds; a host may be kept busy by another run, which does not wake us

Result = Response | FetchError
_END = object()


class Run:
    """One `fetch`. Waiting for a host holds no worker; no more bodies lie unread than there are workers."""

    def __init__(self, take: Callable[[Step], Step | Result], workers: int, hosts: Hosts, lock: threading.Lock) -> None:
        self._take = take
        self._workers = workers
        self._hosts = hosts  # shared by all runs of one Fetcher, and so is the lock
        self._work = threading.Condition(lock)
        self._arrived = threading.Condition(lock)
        self._lines: dict[str, deque[Step]] = {}
        self._results: deque[tuple[Request, Result]] = deque()
        self._bound: dict[str, float] = {}
        self._threads = 0
        self._closed = False
        self._stopped = False

    def results(
        self, requests: Iterable[Request | None], idle: Callable[[], object] | None = None
    ) -> Iterator[tuple[Request, Result]]:
        """The results as they come; the requests are taken in the caller's thread, a bounded number ahead.

        None among them: nothing just now; asked again after the next result, which may make for more.
        `idle` is called, in the caller's thread too, after each second in which nothing came.
        """
        source, out, more = iter(requests), 0, True
        try:
            while True:
                while more and not self._stopped and out < self._workers * READ_AHEAD:
                    request = next(source, _END)
                    if request is None:
                        break
                    if isinstance(request, Request):
                        out += 1
                        self._add(request, out)
                    else:
                        more = False
                if not out:
                    return
                while idle is not None and self._is_quiet():
                    idle()
                arrived = self._next_result()
                if arrived is None:
                    return
                yield arrived
                out -= 1
        finally:
            self._close()

    def stop(self) -> None:
        """Ends the results with what has arrived, from any thread; what is under way is left to itself."""
        with self._work:
            self._stopped = True
            self._lines.clear()
            self._arrived.notify_all()

    # ---------------------------------------------------------------- the caller's side

    def _add(self, request: Request, out: int) -> None:
        try:
            step = first(request)
        except Cut as cut:
            with self._work:
                self._results.append((request, failure(request.url, cut)))
            return
        with self._work:
            self._lines.setdefault(host_of(step.url), deque()).append(step)
            self._work.notify()
        if self._threads < min(self._workers, out):
            self._threads += 1
            threading.Thread(target=self._serve, name="fetch", daemon=True).start()

    def _is_quiet(self) -> bool:
        """Whether nothing comes for a second."""
        with self._arrived:
            return not self._arrived.wait_for(lambda: bool(self._results) or self._stopped, QUIET)

    def _next_result(self) -> tuple[Request, Result] | None:
        with self._arrived:
            while not self._results and not self._stopped:
                self._arrived.wait()
            if not self._results:
                return None
            if len(self._results) >= self._workers:
                self._work.notify()  # there is room for one more
            return self._results.popleft()

    def _close(self) -> None:
        """What runs ends by itself, at its deadline at the latest; what waits is dropped."""
        with self._work:
            self._closed = True
            self._lines.clear()
            self._results.clear()
            self._work.notify_all()

    # ---------------------------------------------------------------- a worker's side

    def _serve(self) -> None:
        while (job := self._next_step()) is not None:
            host, step = job
            self._settle(host, step, self._take(step))

    def _next_step(self) -> tuple[str, Step] | None:
        with self._work:
            while not self._closed:
                wait = None
                if len(self._results) < self._workers:
                    now = monotonic()
                    host, at = self._soonest(now)
                    if host is not None and at <= now:
                        step = self._pop(host)
                        self._hosts.start(host, now, step.request.spacing)
                        return host, step
                    wait = min(at - now, LOOK_AGAIN) if host is not None else None
                self._work.wait(wait)
        return None

    def _soonest(self, now: float) -> tuple[str | None, float]:
        """The host that may be asked first, and when; hosts that asked to be left alone are answered for."""
        best, when = None, inf
        for host in tuple(self._lines) if self._bound else self._lines:
            if self._bound.get(host, 0.0) > now:
                self._refuse(host, self._bound[host] - now)
                continue
            at = self._hosts.free_at(host)
            if at <= now:
                return host, at
            if best is None or at < when:
                best, when = host, at
        return best, when

    def _pop(self, host: str) -> Step:
        """The host's next step; the host goes to the end, so that all have their turn."""
        line = self._lines.pop(host)
        step = line.popleft()
        if line:
            self._lines[host] = line
        return step

    def _refuse(self, host: str, seconds: float) -> None:
        for step in self._lines.pop(host):
            what = f"asked to be left alone for another {timedelta(seconds=round(seconds))} (429) and is not asked"
            self._results.append((step.request, failure(step.url, Cut(Outcome.RATE_LIMITED, what))))
        self._arrived.notify()

    def _settle(self, host: str, step: Step, taken: Step | Result) -> None:
        with self._work:
            self._hosts.end(host)
            if self._closed:
                return
            if isinstance(taken, Step):
                self._lines.setdefault(host_of(taken.url), deque()).appendleft(taken)
                self._work.notify()
                return
            if isinstance(taken, Response) and taken.status == 429:
                self._bound[host] = monotonic() + wished(taken.headers, taken.fetched_at).total_seconds()
            self._results.append((step.request, taken))
            self._arrived.notify()


def failure(url: str, cut: Cut, source: str | None = None) -> FetchError:
    """What a cut-off fetch comes to; `source` is where it began, if that is elsewhere."""
    came_from = f" (redirected from {place(source)})" if source and place(source) != place(url) else ""
    error = FetchError(cut.kind, f"{place(url)} {cut.what}{came_from}.")
    error.__cause__ = cut
    cause: BaseException | None = cut
    while cause is not None:  # a trace holds on to all that was read, and says nothing of the other side
        cause.__traceback__ = None
        cause = cause.__cause__ or cause.__context__
    return error
