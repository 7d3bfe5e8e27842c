"""The loop: claim, fetch, read, settle, on both engines; the fetch door is a fake."""

import logging
from datetime import timedelta
from itertools import count

import pytest

from feeds.errors import FetchError, StoreError
from feeds.model import Item, Outcome, ParsedFeed, Response, Text
from feeds.pipeline import documents
from feeds.pipeline import poll as polling
from feeds.pipeline import read as reading
from feeds.pipeline.poll import Run, summary
from feeds.pipeline.rules import Manner
from tests.newsroom import HOUR, LONG, MINUTE, NOON, configure, rules, source, told
from tests.values import replace

SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self):
        self.now = NOON
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Answers:
    """Gives every request an answer: a response made of the words said, or what was put in its place."""

    def __init__(self, clock, **instead):
        self.clock, self.instead = clock, instead
        self.asked = []
        self.slow, self.kept, self.kept_meanwhile = (), dict, None

    def fetch(self, requests, idle):
        for one in requests:
            self.asked.append(one.key)
            if one.key in self.slow:
                idle()
                self.kept_meanwhile = self.kept()
            answer = self.instead.get(one.key, f"{one.key} {len(self.asked)}")
            if isinstance(answer, BaseException) and not isinstance(answer, FetchError):
                raise answer
            yield one, self.response(one, answer) if isinstance(answer, str) else answer

    def response(self, one, words):
        return Response(
            url=one.url,
            status=200,
            headers={"etag": f'"{words}"'},
            body=words.encode(),
            fetched_at=self.clock.now,
            elapsed=SECOND,
        )


@pytest.fixture(autouse=True)
def parsed(monkeypatch):
    """A body is the words of one item."""

    def parse(body, url, headers, kind, selectors):
        words = body.decode()
        if "broken" in words:
            raise ZeroDivisionError
        text = Text(value=told(words.replace(" ", "-")))
        return ParsedFeed(items=(Item(guid=words, link=f"{url}/{words}", title=Text(value=words), content=text),))

    monkeypatch.setattr(documents, "parse", parse)


class Office:
    def __init__(self, store, *sources, spacing=timedelta(0)):
        self.store, self.clock = store, Clock()
        self.book = rules(*sources, spacing=spacing)
        configure(store, self.book)

    def run(self, answers=None, **options):
        self.answers = answers or Answers(self.clock)
        return Run(
            store=self.store,
            fetches=self.answers,
            rules=self.book,
            manner=Manner(),
            clock=self.clock,
            sleep=self.clock.sleep,
            **options,
        )

    def polls(self, answers=None, **options):
        return {poll.source: poll for poll in self.run(answers, **options).polls()}

    def articles(self):
        with self.store.reading() as shelf:
            return {name: n for name, (n, _, _) in shelf.article_counts().items()}

    def claimable(self):
        claims = self.store.claim(self.book.sources, self.clock.now, limit=1000)
        return sorted(claim.state.name for claim in claims)


@pytest.fixture
def office(store):
    return Office(store, *(source(name) for name in "abc"))


def test_every_source_that_is_due_once(office):
    assert {n: p.outcome for n, p in office.polls().items()} == dict.fromkeys("abc", Outcome.FRESH)
    assert office.answers.asked == ["a", "b", "c"]
    assert office.articles() == {"a": 1, "b": 1, "c": 1}


def test_nobody_waits_for_the_slowest(office):
    answers = Answers(office.clock)
    answers.slow, answers.kept = ("c",), office.articles
    office.polls(answers)
    assert answers.kept_meanwhile == {"a": 1, "b": 1}


def test_what_was_settled_meanwhile_is_told(office):
    answers = Answers(office.clock)
    answers.slow = ("b", "c")
    assert sorted(office.polls(answers)) == ["a", "b", "c"]


def test_nothing_is_due_twice(office):
    office.polls()
    assert office.polls() == {}


def test_the_named_ones_only(office):
    office.polls()
    assert list(office.polls(named=["b"])) == ["b"]


def test_more_than_one_claim_brings(store, monkeypatch):
    monkeypatch.setattr(polling, "CLAIMS", 4)
    monkeypatch.setattr(polling, "MOST_READS", 3)
    office = Office(store, *(source(f"s{n}") for n in range(11)))
    assert len(office.polls()) == 11


PAGE = "https://a.example/story"
STORY = {"guid": PAGE, "link": PAGE, "content": Text(value=LONG)}
OTHERS = tuple(Item(guid=f"other {n}", title=Text(value=f"Other {n}")) for n in range(4))


def version(title, day):
    return Item(**STORY, title=Text(value=title), published=f"2025-12-0{day}T10:00:00Z")


@pytest.mark.parametrize("last", [("Third", "First", "Second"), ("Second", "Third", "First")])
def test_versions_of_a_story_in_one_document_are_one_article(office, monkeypatch, last):
    days, answers = {"First": 1, "Second": 2, "Third": 3}, Answers(office.clock)
    for listed in [("First",), ("Second", "First"), last]:
        items = tuple(version(title, days[title]) for title in listed)
        monkeypatch.setattr(documents, "parse", lambda *_, items=items: ParsedFeed(items=(*items, *OTHERS)))
        office.polls(answers, named=["a"])
    with office.store.reading() as shelf:
        titles = [article.title for article in shelf.newest_articles("a", 10)]
    assert sorted(titles) == ["Other 0", "Other 1", "Other 2", "Other 3", "Third"]


def test_a_version_that_is_listed_alone_again_counts_again(office, monkeypatch):
    answers = Answers(office.clock)
    for listed in [(version("Second", 2), version("First", 1)), (version("First", 1),)]:
        monkeypatch.setattr(documents, "parse", lambda *_, items=listed: ParsedFeed(items=(*items, *OTHERS)))
        office.polls(answers, named=["a"])
    with office.store.reading() as shelf:
        assert "First" in [article.title for article in shelf.newest_articles("a", 10)]


def test_a_failure_is_one_sources_own(office):
    told = office.polls(Answers(office.clock, b=FetchError("timeout", "b.example took too long")))
    assert {n: p.outcome for n, p in told.items()} == {
        "a": Outcome.FRESH,
        "b": Outcome.TIMEOUT,
        "c": Outcome.FRESH,
    }
    with office.store.reading() as shelf:
        (record,) = shelf.sources(["b"])
    assert (record.state.failures, record.state.last_error) == (1, "b.example took too long")


def test_a_fault_in_reading_costs_that_source(office, caplog):
    told = office.polls(Answers(office.clock, b="broken"))
    assert [p.outcome for p in told.values()] == [Outcome.FRESH, Outcome.CRASHED, Outcome.FRESH]
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_in_planning_costs_that_source(office, monkeypatch):
    plan = reading.schedule.plan

    def faulty(state, *args, **kwargs):
        if state.name == "b":
            raise ZeroDivisionError
        return plan(state, *args, **kwargs)

    monkeypatch.setattr(reading.schedule, "plan", faulty)
    told = office.polls()
    assert told["b"].outcome is Outcome.CRASHED
    assert office.claimable() == []


def test_a_fault_in_settling_costs_that_source(office, monkeypatch, caplog):
    settle = polling.settle

    def faulty(ledger, reads, *args):
        done = settle(ledger, reads, *args)
        if any(r.source.name == "b" and r.drafts for r in reads):
            raise ZeroDivisionError
        return done

    monkeypatch.setattr(polling, "settle", faulty)
    told = office.polls()
    assert {n: p.outcome for n, p in told.items()} == {
        "a": Outcome.FRESH,
        "b": Outcome.CRASHED,
        "c": Outcome.FRESH,
    }
    assert office.articles() == {"a": 1, "c": 1}
    assert "ZeroDivisionError" in caplog.text


def test_nothing_vouches_for_what_crashed(office, monkeypatch):
    with monkeypatch.context() as patch:
        settle = polling.settle
        patch.setattr(
            polling,
            "settle",
            lambda ledger, reads, *args: 1 / 0 if reads[0].drafts else settle(ledger, reads, *args),
        )
        office.polls()
    office.clock.now += HOUR
    assert office.articles() == {}
    office.polls()
    assert office.articles() == {"a": 1, "b": 1, "c": 1}


def test_words_that_no_database_takes_cost_that_source(office):
    told = office.polls(Answers(office.clock, b="\x00 nul"), named=["a", "b", "c"])
    assert told["a"].outcome is told["c"].outcome is Outcome.FRESH


def test_an_interrupt_keeps_what_was_read_and_gives_leases_back(office):
    run = office.run(Answers(office.clock, b=KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        list(run.polls())
    assert office.articles() == {"a": 1}
    assert office.claimable() == ["b", "c"]


def test_an_interrupt_in_settling_keeps_what_was_read(office, monkeypatch):
    settle, calls = polling.settle, count()

    def interrupted(*args):
        if next(calls) == 0:
            raise KeyboardInterrupt
        return settle(*args)

    monkeypatch.setattr(polling, "settle", interrupted)
    monkeypatch.setattr(polling, "MOST_READS", 2)
    with pytest.raises(KeyboardInterrupt):
        office.polls()
    assert office.articles() == {"a": 1, "b": 1}
    assert office.claimable() == ["c"]


def test_who_stops_listening_keeps_what_was_read(office, monkeypatch):
    monkeypatch.setattr(polling, "MOST_READS", 2)
    polls = office.run().polls()
    assert next(polls).source == "a"
    polls.close()
    assert office.articles() == {"a": 1, "b": 1}
    assert office.claimable() == ["c"]


def test_a_stop_asks_no_more(office):
    answers = Answers(office.clock)
    office.polls(answers, stopped=lambda: len(answers.asked) >= 1)
    assert answers.asked == ["a"]
    assert office.articles() == {"a": 1}
    assert office.claimable() == ["b", "c"]


def test_a_store_that_fails_ends_the_run_and_gives_leases_back(office, monkeypatch):
    def refused(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(polling, "settle", refused)
    with pytest.raises(StoreError):
        office.polls(Answers(office.clock, b=FetchError("timeout", "late")))
    assert office.articles() == {}


def test_one_host_waits_for_its_pace(store):
    office = Office(store, *(source(n, url=f"https://news.example/{n}") for n in "ab"), spacing=SECOND)
    (claim,) = store.claim({"a": office.book.sources["a"]}, NOON, limit=1)
    with store.deciding() as ledger:
        rows = ledger.sources(["a"])
        ledger.release({rows["a"].id: claim.token})
        ledger.free_hosts(["news.example"], NOON, NOON + 3 * SECOND)
    assert sorted(office.polls()) == ["a", "b"]
    assert office.clock.slept == [3.0]


def test_a_long_wait_is_not_waited_for(store):
    office = Office(store, source("a"))
    store.claim(office.book.sources, NOON, limit=1, lease=MINUTE)
    with store.deciding() as ledger:
        ledger.bind_host("a.example", NOON + HOUR)
    assert office.polls() == {}
    assert office.clock.slept == []


def test_summary(office):
    office.polls()
    office.clock.now += HOUR
    told = office.polls(Answers(office.clock, a=FetchError("timeout", "late"), b="b 2")).values()
    assert summary(told) == {
        "polled": 3,
        "fresh": 1,
        "unchanged": 1,
        "failed": 1,
        "items": 2,
        "new": 1,
        "changed": 0,
        "merged": 0,
        "merged_late": 0,
        "dropped": 0,
    }


def test_two_runs_at_once_ask_nobody_twice(office, url):
    from feeds.store import open_store

    other = open_store(url, "desk-2")
    try:
        first = office.run()
        second = replace(first, store=other, fetches=Answers(office.clock))
        one = first.polls()
        told = [next(one).source, *(poll.source for poll in second.polls()), *(poll.source for poll in one)]
        assert sorted(told) == ["a", "b", "c"]
    finally:
        other.close()


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.ERROR)


# ---------------------------------------------------------------- polls that ask for several things


class Onward(Answers):
    """Takes requests ahead, as the door does, and answers in its own time."""

    def fetch(self, requests, idle):
        coming, waiting = iter(requests), []
        while True:
            while (one := next(coming, "end")) not in (None, "end"):
                self.asked.append(one.url.rpartition("/")[2])
                waiting.append(one)
            if not waiting:
                return
            one = waiting.pop(0)
            yield one, self.response(one, one.url.rpartition("/")[2])


@pytest.fixture
def leading(monkeypatch):
    """Every first document leads to two others."""

    def parse(body, url, headers, kind, selectors):
        words = body.decode()
        follow = (f"{url}-1", f"{url}-2") if words == "feed.xml" else ()
        text = Text(value=f"{LONG} {words}")
        items = () if follow else (Item(guid=words, link=url, title=Text(value=words), content=text),)
        return ParsedFeed(items=items, follow=follow)

    monkeypatch.setattr(documents, "parse", parse)


def test_what_a_document_leads_to_is_asked_under_the_same_claim(office, leading):
    told = office.polls(Onward(office.clock))
    assert {n: (p.outcome, p.new) for n, p in told.items()} == dict.fromkeys("abc", (Outcome.FRESH, 2))
    assert office.answers.asked == ["feed.xml"] * 3 + ["feed.xml-1"] * 3 + ["feed.xml-2"] * 3


def test_an_interrupt_on_the_way_gives_the_claim_back(office, leading):
    for _ in office.run(Onward(office.clock), stopped=lambda: "feed.xml-1" in office.answers.asked).polls():
        pass
    assert office.claimable() == ["a", "b", "c"]
    assert office.articles() == {}
