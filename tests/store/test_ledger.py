"""Named queries of the decider."""

from datetime import timedelta

from sqlalchemy import select

from feeds.model import Poll
from feeds.store.rehearsal import DryLedger
from feeds.store.schema import entry
from tests.newsroom import DAY, HOUR, LONG, NOON, OTHER, Desk, article, source


def heads(desk, query):
    with desk.store.deciding() as ledger:
        return query(ledger)


def text_keys(desk):
    with desk.store.deciding() as ledger:
        entries = ledger.members(range(1, 100))
    return [head for found in entries.values() for head in found]


class TestSameTexts:
    def test_the_last_of_each_source_and_those_of_the_title(self, store):
        desk = Desk(store, source("gazette"), source("herald"))
        desk.poll("gazette", *(article(f"g{n}", text=LONG, title=f"Notice {n}") for n in range(5)))
        desk.later(HOUR).poll("herald", article("h", by="herald", text=OTHER))
        every = {head.row: head for head in text_keys(desk)}
        (key,) = {head.text_key for head in every.values() if head.source == "gazette"}
        second = next(h for h in every.values() if h.row == 2)
        found = heads(desk, lambda ledger: ledger.same_texts({key}, {second.title_key}))
        assert [head.row for head in found] == [2, 5]

    def test_none_that_was_dropped(self, store):
        desk = Desk(store, source("gazette"))
        desk.poll("gazette", article("a", text=LONG), dropped='dropped by the site\'s rule keyword "harbour"')
        (head,) = text_keys(desk)
        assert heads(desk, lambda ledger: ledger.same_texts({head.text_key}, {head.title_key})) == []

    def test_nothing_asked_nothing_found(self, store):
        desk = Desk(store, source("gazette"))
        assert heads(desk, lambda ledger: ledger.same_texts(set(), set())) == []


def test_same_pages_tell_whether_the_source_has_others_there(store):
    desk = Desk(store, source("gazette"), source("herald"))
    page = "https://news.example/live"
    desk.poll("gazette", article("a", url=page), article("b", url=page, text=OTHER))
    desk.poll("herald", article("c", by="herald", url=page, text="Short."))
    (key,) = {head.url_key for head in text_keys(desk)}
    found = heads(desk, lambda ledger: ledger.same_pages({key}))
    assert [(head.source, alone) for head, alone in found] == [("gazette", False), ("herald", True)]


def test_prune_polls_keeps_each_sources_last(store):
    desk = Desk(store, source("gazette"), source("herald"))
    desk.poll("gazette")
    desk.poll("herald")
    desk.later(DAY).poll("gazette")
    assert heads(desk, lambda ledger: ledger.prune_polls(NOON + 2 * DAY)) == 1
    with store.reading() as shelf:
        last = {name: poll.at for name, poll in shelf.last_polls().items()}
    assert last == {"gazette": NOON + DAY, "herald": NOON}


def test_polls_are_kept_whole(store):
    desk = Desk(store, source("gazette"))
    told = desk.poll("gazette", article("a"))
    with store.reading() as shelf:
        assert shelf.polls("gazette", 9) == [told]
    assert isinstance(told, Poll)


def versions(ledger):
    return dict(ledger.connection.execute(select(entry.c.id, entry.c.version).order_by(entry.c.id)).all())


def test_many_rows_are_given_one_value_and_others_keep_theirs(store):
    desk = Desk(store, source("gazette"))
    desk.poll("gazette", *(article(f"g{n}", text=f"{LONG} {n}") for n in range(3)))
    with store.deciding() as ledger:
        before = versions(ledger)
        ledger.change_all(entry, {1, 3, *range(100_000, 150_000)}, version=77)
        ledger.change_all(entry, set(), version=78)
        assert versions(ledger) == before | {1: 77, 3: 77}


def test_a_rehearsal_changes_no_row(store):
    desk = Desk(store, source("gazette"))
    desk.poll("gazette", article("a"))
    with store.deciding() as ledger:
        before = versions(ledger)
        dry = DryLedger(ledger.connection, {})
        dry.change(entry, [{"id": 1, "version": 77}])
        dry.change_all(entry, {1}, version=77)
        assert versions(ledger) == before


def test_a_released_source_may_be_claimed_at_once(store):
    desk = Desk(store, source("gazette"))
    (claim,) = desk.claim("gazette")
    with store.deciding() as ledger:
        row = ledger.sources(["gazette"])["gazette"]
        ledger.release({row.id: claim.token})
        ledger.free_hosts({row.host}, NOON, NOON)
    assert len(desk.claim("gazette")) == 1


def test_an_old_token_releases_nothing(store):
    desk = Desk(store, source("gazette"))
    (claim,) = desk.claim("gazette")
    with store.deciding() as ledger:
        row = ledger.sources(["gazette"])["gazette"]
        ledger.release({row.id: claim.token - 1})
    assert desk.claim("gazette") == ()


def test_a_host_rests_no_shorter_than_it_was_told(store):
    desk = Desk(store, source("gazette"))
    desk.poll("gazette")
    with store.deciding() as ledger:
        ledger.bind_host("gazette.example", NOON + 2 * HOUR)
        ledger.bind_host("gazette.example", NOON + HOUR)
    assert store.claim(desk.book.sources, NOON + timedelta(minutes=90), limit=9) == ()
