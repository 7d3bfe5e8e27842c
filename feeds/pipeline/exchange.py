"""Polls as exchanges: each asks for one thing at a time, gets its answer, and goes on or ends.

A poll is a generator, so that what is asked next can be decided in one place, as a function of what came, while the
fetch door stands elsewhere and serves many polls at once.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from feeds.errors import FetchError
from feeds.model import Request, Response

T = TypeVar("T")


class Answer(NamedTuple):
    """What a request came to, and when."""

    result: Response | FetchError
    now: datetime


Exchange = Generator[Request, Answer, T]  # the key of every request is the exchange's own name


class Exchanges(Generic[T]):
    """Exchanges under way, by name; `ended` are the results that nobody has taken yet."""

    def __init__(self) -> None:
        self.ended: list[T] = []
        self._open: dict[str, Exchange[T]] = {}
        self._onward: deque[Request] = deque()

    def requests(
        self, begun: Iterable[tuple[str, Exchange[T]]], stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[Request | None]:
        """For the fetch door: what goes on first, then what begins; None while answers may make for more."""
        coming = iter(begun)
        while not stopped():
            if self._onward:
                yield self._onward.popleft()
            elif (new := next(coming, None)) is not None:
                name, exchange = new
                self._open[name] = exchange
                self._go_on(name, partial(next, exchange))
            elif self._open:
                yield None
            else:
                return

    def answered(self, name: str, answer: Answer) -> None:
        """Hands an answer to the exchange that asked."""
        self._go_on(name, partial(self._open[name].send, answer))

    def _go_on(self, name: str, step: Callable[[], Request]) -> None:
        try:
            self._onward.append(step())
        except StopIteration as end:
            del self._open[name]
            self.ended.append(end.value)
