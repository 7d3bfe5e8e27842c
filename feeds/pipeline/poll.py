"""Polling: claim, fetch, read, settle; the same loop for cron, daemon and any number of workers."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from feeds.errors import FetchError, StoreError
from feeds.fetch.robots import Memory
from feeds.model import Claim, Outcome, Poll, Request, Response
from feeds.pipeline.exchange import Answer, Exchange, Exchanges
from feeds.pipeline.read import Read, crashed, read
from feeds.pipeline.rules import Manner, Rulebook
from feeds.pipeline.settle import settle
from feeds.store import Store
from feeds.store.workers import process_of

logger = logging.getLogger(__name__)

CLAIMS = 128  # at a time
MOST_READS, MOST_DRAFTS = 128, 500  # to a transaction
PATIENCE = timedelta(seconds=5)  # a run waits so long for a host's pace, not longer

Clock = Callable[[], datetime]
Sleep = Callable[[float], object]


class Fetches(Protocol):
    """The fetch door."""

    def fetch(
        self, requests: Iterable[Request | None], idle: Callable[[], object]
    ) -> Iterator[tuple[Request, Response | FetchError]]:
        """Responses as they finish; calls `idle` when none comes for a while.

        None among the requests: nothing just now; they are asked again after the next response.
        """


@dataclass(slots=True)
class Run:
    """One run over what is due, or over what is named; iterating gives polls as they are settled."""

    store: Store
    fetches: Fetches
    rules: Rulebook
    manner: Manner
    clock: Clock
    sleep: Sleep
    named: Sequence[str] = ()
    robots: Memory = field(default_factory=Memory)
    stopped: Callable[[], bool] = lambda: False
    _claims: dict[str, Claim] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def polls(self) -> Iterator[Poll]:
        """Polls every source once at most; ends when nothing is due that may be asked soon."""
        self._take_over()
        while not self.stopped():
            yield from self._round()
            wait = self._pace()
            if wait is None or self.stopped():
                return
            self.sleep(wait.total_seconds())

    def _round(self) -> Iterator[Poll]:
        reads: list[Read] = []
        kept: list[Poll] = []
        weight = 0
        exchanges: Exchanges[Read] = Exchanges()

        def take_ended() -> None:
            nonlocal weight
            for one in exchanges.ended:
                del self._claims[one.source.name]
                weight += one.weight
            reads.extend(exchanges.ended)
            exchanges.ended.clear()

        def settle_all() -> None:
            nonlocal weight
            take_ended()
            settled = self._settle(reads)
            reads.clear()
            weight = 0
            kept.extend(settled)

        try:
            requests = exchanges.requests(self._begun(), self.stopped)
            for asked, result in self.fetches.fetch(requests, settle_all):  # nobody waits for the slowest
                exchanges.answered(asked.key, Answer(result, self._now()))
                take_ended()
                if len(reads) >= MOST_READS or weight >= MOST_DRAFTS:
                    settle_all()
                yield from kept
                kept.clear()
        finally:
            try:
                settle_all()  # also when interrupted: what was read is not asked for again
            finally:
                self._give_back()
        yield from kept

    def _take_over(self) -> None:
        for worker, sources in self.store.take_over(self.clock()).items():
            told = "a poll was killed (%s): the sources that it had in hand are taken over, %d in all"
            logger.warning(told, process_of(worker), sources)

    def _now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def _begun(self) -> Iterator[tuple[str, Exchange[Read]]]:
        while not self.stopped():
            claims = self._claim()
            if not claims:
                return
            for claim in claims:
                self._claims[claim.state.name] = claim
                self._asked.add(claim.state.name)
            for claim in claims:
                source = self.rules.sources[claim.state.name]
                yield source.name, read(claim, source, self.manner, self.robots, self._now())

    def _claim(self) -> tuple[Claim, ...]:
        wanted = [n for n in self.named if n not in self._asked]
        if self.named and not wanted:
            return ()
        sources = self.rules.sources
        return self.store.claim(sources, self.clock(), limit=CLAIMS, named=wanted, without=self._asked)

    def _pace(self) -> timedelta | None:
        """How long until a source that is still due may be asked; None: none soon."""
        free_at = self.store.next_free_host(self.clock(), self._asked)
        wait = None if free_at is None else free_at - self.clock()
        return None if wait is None or wait > PATIENCE or self.named else max(wait, timedelta(0))

    def _settle(self, reads: Sequence[Read]) -> list[Poll]:
        """Settles reads together; when that trips over a fault of ours, one by one, so that each fails alone."""
        if not reads:
            return []
        now = self.clock()
        try:
            with self.store.deciding() as ledger:
                return settle(ledger, reads, self.rules, now)
        except StoreError:
            raise
        except Exception:
            if len(reads) > 1:
                return [poll for one in reads for poll in self._settle([one])]
            if reads[0].poll.outcome is Outcome.CRASHED:
                raise
            logger.exception("%s: a fault of Copydesk's own; please report it", reads[0].source.name)
            return self._settle([crashed(reads[0].claim, reads[0].source, reads[0].poll, now)])

    def _give_back(self) -> None:
        """Leases of what was claimed and never asked."""
        if self._claims:
            with self.store.deciding() as ledger:
                rows = ledger.sources(self._claims)
                ledger.release({rows[n].id: c.token for n, c in self._claims.items() if n in rows})
                hosts = {r.host for r in rows.values()}
                ledger.free_hosts(hosts, self.clock(), self.clock())
            self._asked -= self._claims.keys()
            self._claims.clear()


def summary(polls: Iterable[Poll]) -> Mapping[str, int]:
    """What a run came to: polled, failed, fresh, unchanged, and the sums of items."""
    counted = ("items", "new", "changed", "merged", "merged_late", "dropped")
    totals = dict.fromkeys(("polled", "fresh", "unchanged", "failed", *counted), 0)
    for one in polls:
        totals["polled"] += 1
        totals["failed"] += one.outcome.failed
        totals["fresh"] += one.outcome is Outcome.FRESH
        totals["unchanged"] += one.outcome in (Outcome.NOT_MODIFIED, Outcome.SAME_BYTES)
        for name in counted:
            totals[name] += getattr(one, name)
    return totals
