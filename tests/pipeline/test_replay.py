"""A recorded sequence of polls, replayed: the same tables, in transactions of any size, killed at any point."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from feeds.pipeline.settle import settle
from tests.databases import dump, empty
from tests.dedupe import events, stories
from tests.newsroom import LONG, MINUTE, OTHER, Desk, article, read, source

FEW = settings.default.max_examples // 10  # of the profile: each replays a dozen transactions three times
NAMES = ("gazette", "herald", "courier", "post", "pilot")
SOURCES = (
    source("gazette", content="full"),
    source("herald", sections=("world", "sport")),
    source("courier", priority=3),
    source("post", sections=("sport",)),
    source("pilot", paywall=True),
)
TEXTS = (
    *(events.WIRE, events.SUMMARY, events.FIRST_REPORT, events.SECOND_REPORT, events.EARLIER, events.LATER),
    *(stories.WIRE, stories.CUT, stories.SUMMARY, stories.INDEPENDENT, stories.MINISTERS_2022, stories.MINISTERS_2024),
    *(LONG, OTHER, "", "Watch live.", f"{stories.LEAD} {stories.FOOTER}"),
)
TITLES = ("Ferry returns", "Council opens in Karsa", "Ministers meet", "Strait of Tell: what we know", "Bells may ring")

said = st.builds(
    lambda name, by, title, text: (by, name, title, text),
    st.sampled_from("abc"),
    st.sampled_from(NAMES),
    st.sampled_from(TITLES),
    st.sampled_from(TEXTS),
)
tapes = st.lists(st.lists(said, max_size=9), min_size=1, max_size=5)  # in each round, what every source says
crowded = settings(
    max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


class KilledError(Exception):
    """The process ends here."""


class Replay(Desk):
    """A desk that plays a tape from the start, in transactions of up to so many polls."""

    def __init__(self, store):
        empty(store)
        super().__init__(store, *SOURCES)

    def play(self, tape, size, deaths=()):
        deaths = iter(deaths)
        for told in tape:
            self.later(40 * MINUTE)
            documents = {by: {n: self.article(b, n, *what) for b, n, *what in told if b == by} for by, *_ in told}
            claims = [self.claim(name)[0] for name in sorted(documents)]
            reads = [self.read(claim, documents[claim.state.name].values()) for claim in claims]
            for start in range(0, len(reads), size):
                batch = reads[start : start + size]
                self.die(batch, next(deaths, None))
                self.settle(*batch)
        return self

    def read(self, claim, articles):
        return read(claim, self.book.sources[claim.state.name], tuple(articles), now=self.now)

    def article(self, by, name, title, text):
        return article(name, by, title=title, text=text, match_text=text, first_seen=self.now)

    def die(self, batch, statement):
        """Settles up to that statement, and is killed."""
        if statement is None:
            return
        left = [statement]

        def count(*_):
            left[0] -= 1
            if left[0] < 0:
                raise KilledError

        event.listen(self.store.writer, "before_cursor_execute", count)
        try:
            with pytest.raises(KilledError), self.store.deciding() as ledger:
                settle(ledger, batch, self.book, self.now)
                raise KilledError
        finally:
            event.remove(self.store.writer, "before_cursor_execute", count)

    def tables(self):
        """The numbers of polls are PostgreSQL's: a transaction that dies takes its own with it."""
        found = dump(self.store)
        return found | {"poll": [row[1:] for row in found["poll"]]}

    def content(self):
        """Without how many transactions it took: the content version counts them."""
        with self.store.deciding() as ledger:
            for table in ("entry", "section"):
                ledger.connection.exec_driver_sql(f"UPDATE {table} SET version = 0")
            ledger.connection.exec_driver_sql("DELETE FROM meta WHERE key = 'version'")
        return self.tables()


@given(tape=tapes)
@crowded
def test_replayed_it_gives_the_same_tables(store, tape):
    assert Replay(store).play(tape, 2).tables() == Replay(store).play(tape, 2).tables()


TURNED = [
    [("gazette", "a", "Ferry returns", LONG)],
    [("gazette", "a", "Ferry returns", stories.SUMMARY), ("post", "a", "Ferry returns", stories.WIRE)],
]
TAKEN_IN = [
    [("gazette", "a", "Ferry returns", LONG), ("herald", "a", "Ferry returns", stories.WIRE)],
    [("gazette", "a", "Ferry returns", stories.WIRE), ("herald", "a", "Ferry returns", stories.INDEPENDENT)],
]


@example(tape=TAKEN_IN, sizes=(1, 5))  # what an edit made another's goes there before that is edited
@example(tape=TURNED, sizes=(1, 5))  # who joins what an edit made of an entry does not lead it for that edit
@given(tape=tapes, sizes=st.permutations((1, 2, 3, len(NAMES))))
@crowded
def test_how_many_polls_are_settled_together_decides_nothing(store, tape, sizes):
    tables = [Replay(store).play(tape, size).content() for size in sizes[:2]]
    assert tables[0] == tables[1]


@given(tape=tapes, deaths=st.lists(st.none() | st.integers(0, 60), max_size=25))
@crowded
def test_killed_at_any_point_it_gives_the_same_tables(store, tape, deaths):
    """What a transaction had written is gone with it, and it is settled again."""
    assert Replay(store).play(tape, 2, deaths).tables() == Replay(store).play(tape, 2).tables()
