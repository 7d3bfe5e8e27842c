"""Sources, claims and leases: the contract that both engines keep."""

import contextlib
import errno
import os
from datetime import timedelta
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from feeds.errors import LockedError, StoreError
from feeds.model import Outcome
from feeds.store import Registered, open_store
from feeds.store.schema import meta
from feeds.store.store import translated
from tests.databases import dump, end_sessions_with_locks
from tests.newsroom import HOUR, MINUTE, NOON, Desk, article, read, source
from tests.values import replace

SECOND = timedelta(seconds=1)


def names(claims):
    return [claim.state.name for claim in claims]


def book(*sources):
    return {one.name: one for one in sources}


@pytest.fixture
def another(url, store):
    """The same store, as a second process sees it."""
    with contextlib.closing(open_store(url, "desk-2")) as opened:
        yield opened


class TestRegister:
    def test_new_sources_are_added(self, store):
        assert store.register([source("gazette"), source("herald")]) == Registered(added=("gazette", "herald"))

    def test_twice_changes_nothing(self, store):
        store.register([source("gazette")])
        before = dump(store)
        assert store.register([source("gazette")]) == Registered()
        assert dump(store) == before

    def test_a_renamed_source_keeps_its_history(self, store):
        desk = Desk(store, source("gazette"))
        desk.poll("gazette", article("a"))
        uid = desk.entries()[0].entry.id
        again = Desk(store, source("courier", formerly=("gazette",)))
        again.later(HOUR).poll("courier", article("a", by="courier", guid="tag:gazette.example:a", text="Now shorter."))
        assert [(e.entry.id, e.lead.source) for e in again.entries()] == [(uid, "courier")]

    def test_a_rename_is_told(self, store):
        store.register([source("gazette")])
        told = store.register([source("courier", formerly=("gazette",), url=source("gazette").url)])
        assert told == Registered(renamed=(("gazette", "courier"),))

    def test_a_rename_that_is_told_when_both_are_known_is_told_of(self, store):
        """Each has a history by then; as long as it stands there."""
        store.register([source("gazette")])
        store.register([source("courier")])
        late = [store.register([source("courier", formerly=("gazette",))]).late for _ in range(2)]
        assert (late, store.register([source("courier")]).late) == ([(("gazette", "courier"),)] * 2, ())

    @pytest.mark.parametrize("known", ["gazette", "herald"], ids=["in time", "never known"])
    def test_a_rename_in_time_is_not(self, store, known):
        store.register([source(known)])
        now = [source("courier", formerly=("gazette",))]
        assert [store.register(now).late for _ in range(2)] == [(), ()]

    def test_of_two_names_only_one_gives_its_history(self, store):
        store.register([source("gazette"), source("herald")])
        told = store.register([source("courier", formerly=("gazette", "herald"))])
        assert (told.renamed, told.late) == ((("gazette", "courier"),), (("herald", "courier"),))

    def test_what_is_printed_of_a_source_outlasts_its_names(self, store):
        store.register([source("gazette"), source("herald")])
        store.register([source("courier", formerly=("gazette",)), source("herald")])
        store.register([source("post", formerly=("courier",)), source("gazette"), source("herald")])
        store.register([source("post"), source("tribune", formerly=("gazette",)), source("herald")])
        store.register([source("post"), source("tribune"), source("gazette"), source("herald")])
        with store.reading() as shelf:
            origins = {r.state.name: r.state.origin for r in shelf.sources()}
        assert origins == {"post": "gazette", "tribune": "gazette/2", "gazette": "gazette/3", "herald": None}

    def test_a_name_in_use_is_not_taken_over(self, store):
        store.register([source("gazette")])
        told = store.register([source("gazette"), source("courier", formerly=("gazette",))])
        assert told == Registered(added=("courier",))

    def test_another_url_is_asked_at_once_and_without_validators(self, store):
        store.register([source("gazette")])
        (claim,) = store.claim(book(source("gazette")), NOON, limit=9)
        desk = Desk(store, source("gazette"), now=NOON + HOUR)
        one = read(claim, source("gazette"), [article("a")])
        desk.settle(replace(one, state=replace(one.state, etag='"1"', body_hash=7, next_poll=NOON + 9 * HOUR)))
        moved = source("gazette", url="https://gazette.example/new.xml")
        assert store.register([moved]).moved == ("gazette",)
        (claim,) = store.claim(book(moved), NOON + HOUR, limit=9)
        assert (claim.state.url, claim.state.etag, claim.state.body_hash) == (moved.url, None, None)

    def test_who_asks_the_old_url_loses_the_lease(self, store):
        desk = Desk(store, source("gazette"))
        (claim,) = desk.claim("gazette")
        store.register([source("gazette", url="https://gazette.example/new.xml")])
        assert desk.settle(read(claim, source("gazette"), [article("a")])) == []
        assert desk.entries() == []

    @pytest.mark.parametrize("now_configured", [(), (source("gazette", disabled=True),)], ids=["removed", "disabled"])
    def test_what_stopped_is_not_claimed_and_its_articles_stay(self, store, now_configured):
        desk = Desk(store, source("gazette"))
        desk.poll("gazette", article("a"))
        assert store.register(now_configured).stopped == ("gazette",)
        assert store.claim(book(source("gazette")), NOON + HOUR, limit=9, named=["gazette"]) == ()
        assert len(desk.entries()) == 1

    def test_what_is_enabled_again_is_claimed(self, store):
        store.register([source("gazette", disabled=True)])
        store.register([source("gazette")])
        assert names(store.claim(book(source("gazette")), NOON, limit=9)) == ["gazette"]


class TestClaim:
    def test_longest_due_first(self, store):
        desk = Desk(store, source("a"), source("b"), source("c"))
        for name, wait in (("a", 3), ("b", 1), ("c", 2)):
            (claim,) = desk.claim(name)
            one = read(claim, desk.book.sources[name], [])
            desk.settle(replace(one, state=replace(one.state, next_poll=NOON + wait * MINUTE)))
        assert names(store.claim(desk.book.sources, NOON + HOUR, limit=2)) == ["b", "c"]
        assert names(store.claim(desk.book.sources, NOON + HOUR, limit=2)) == ["a"]

    def test_what_is_not_due_waits(self, store):
        desk = Desk(store, source("gazette"))
        desk.poll("gazette")
        assert store.claim(desk.book.sources, NOON + 29 * MINUTE, limit=9) == ()
        assert names(store.claim(desk.book.sources, NOON + 30 * MINUTE, limit=9)) == ["gazette"]

    def test_a_lease_is_given_once(self, store, another):
        sources = book(source("gazette"))
        store.register(tuple(sources.values()))
        assert names(store.claim(sources, NOON, limit=9)) == ["gazette"]
        assert another.claim(sources, NOON, limit=9) == store.claim(sources, NOON, limit=9) == ()

    def test_a_dead_workers_lease_runs_out(self, store, another):
        sources = book(source("gazette"))
        store.register(tuple(sources.values()))
        (dead,) = store.claim(sources, NOON, limit=9, lease=10 * MINUTE)
        assert another.claim(sources, NOON + 9 * MINUTE, limit=9) == ()
        (claim,) = another.claim(sources, NOON + 10 * MINUTE, limit=9)
        assert claim.token > dead.token

    def test_what_a_killed_worker_had_is_taken_over_at_once(self, store, another, monkeypatch):
        sources = book(*(source(n, url=f"https://news.example/{n}.xml") for n in "abc"), source("d"))
        store.register(tuple(sources.values()))
        (held,) = store.claim(sources, NOON, limit=1)
        monkeypatch.setattr("feeds.store.store.has_ended", {"desk-1": True}.get)
        assert another.take_over(NOON + SECOND) == {"desk-1": 1}
        claims = another.claim(sources, NOON + SECOND, limit=9)
        desk = Desk(store, *sources.values())
        assert (names(claims), claims[0].token > held.token) == (["a", "b", "c", "d"], True)
        assert desk.settle(read(held, sources["a"], [article("x")])) == []

    def test_what_lives_keeps_what_it_has(self, store, another, monkeypatch):
        sources = book(source("a"), source("b"))
        store.register(tuple(sources.values()))
        store.claim(sources, NOON, limit=1)
        monkeypatch.setattr("feeds.store.store.has_ended", lambda _: False)
        assert another.take_over(NOON + SECOND) == {}
        assert names(another.claim(sources, NOON + SECOND, limit=9)) == ["b"]

    def test_what_was_taken_over_is_not_taken_twice(self, store, another, monkeypatch):
        """Both saw that the first is dead; the second is late, and takes nothing from the one that asks by then."""
        sources = book(source("a"))
        store.register(tuple(sources.values()))
        store.claim(sources, NOON, limit=1)
        monkeypatch.setattr("feeds.store.store.has_ended", {"desk-1": True}.get)
        another.take_over(NOON + SECOND)
        another.claim(sources, NOON + SECOND, limit=1)
        with store.deciding() as ledger:
            late = ledger.end_leases("desk-1")
        assert (late, store.claim(sources, NOON + SECOND, limit=9)) == (0, ())

    def test_one_worker_to_a_host(self, store, another):
        sources = book(*(source(n, url=f"https://news.example/{n}.xml") for n in "abc"), source("d"))
        store.register(tuple(sources.values()))
        assert names(store.claim(sources, NOON, limit=1)) == ["a"]
        assert names(another.claim(sources, NOON, limit=9)) == ["d"]
        assert names(store.claim(sources, NOON, limit=9)) == ["b", "c"]

    def test_a_host_is_free_after_its_spacing(self, store, another):
        sources = book(*(source(n, url=f"https://news.example/{n}.xml") for n in "ab"))
        desk = Desk(store, *sources.values(), spacing=5 * SECOND)
        (claim,) = store.claim(sources, NOON, limit=1)
        desk.settle(read(claim, sources["a"], []))
        assert another.claim(sources, NOON + 4 * SECOND, limit=9) == ()
        assert another.next_free_host(NOON + 4 * SECOND, ()) == NOON + 5 * SECOND
        assert another.next_free_host(NOON + 4 * SECOND, {"b"}) is None
        assert names(another.claim(sources, NOON + 5 * SECOND, limit=9)) == ["b"]

    def test_a_host_that_asked_for_rest_gets_it(self, store):
        sources = book(*(source(n, url=f"https://news.example/{n}.xml") for n in "ab"))
        desk = Desk(store, *sources.values())
        (claim,) = store.claim(sources, NOON, limit=1)
        one = read(claim, sources["a"], [], outcome=Outcome.RATE_LIMITED)
        desk.settle(replace(one, host_free_at=NOON + HOUR))
        assert store.claim(sources, NOON + 59 * MINUTE, limit=9, named=["b"]) == ()
        assert "b" in names(store.claim(sources, NOON + HOUR, limit=9))

    def test_named_sources_need_not_be_due(self, store):
        desk = Desk(store, source("gazette"), source("herald"))
        desk.poll("gazette")
        desk.poll("herald")
        assert names(store.claim(desk.book.sources, NOON + MINUTE, limit=9, named=["herald"])) == ["herald"]

    def test_named_sources_that_failed_wait(self, store):
        desk = Desk(store, source("gazette"))
        (claim,) = desk.claim("gazette")
        one = read(claim, source("gazette"), [], outcome=Outcome.GONE)
        desk.settle(replace(one, state=replace(one.state, failures=1, next_poll=NOON + HOUR)))
        assert store.claim(desk.book.sources, NOON + MINUTE, limit=9, named=["gazette"]) == ()
        assert names(store.claim(desk.book.sources, NOON + HOUR, limit=9, named=["gazette"])) == ["gazette"]

    def test_those_left_out_do_not_hide_the_others(self, store):
        sources = book(*(source(n) for n in "abcdef"))
        store.register(tuple(sources.values()))
        assert names(store.claim(sources, NOON, limit=2, without={"a", "b", "c", "d"})) == ["e", "f"]
        assert store.claim({}, NOON, limit=2) == ()

    def test_two_workers_share_the_work(self, store, another):
        sources = book(*(source(f"s{n}") for n in range(60)))
        store.register(tuple(sources.values()))
        got = [[], []]

        def work(which, mine):
            while claims := which.claim(sources, NOON, limit=3):
                mine.extend(names(claims))

        threads = [Thread(target=work, args=pair) for pair in zip((store, another), got, strict=True)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(got[0] + got[1]) == sorted(sources)


class TestDeciding:
    def test_nothing_is_kept_when_the_block_raises(self, store):
        with pytest.raises(RuntimeError), store.deciding() as ledger:
            ledger.set_version(7)
            raise RuntimeError
        assert store.setting("version") is None

    def test_one_decider_at_a_time(self, store, another):
        inside, go_on, order = Event(), Event(), []

        def first():
            with store.deciding() as ledger:
                inside.set()
                go_on.wait(5)
                order.append("first")
                ledger.set_version(1)

        def second():
            inside.wait(5)
            with another.deciding() as ledger:
                order.append(ledger.version())

        threads = [Thread(target=first), Thread(target=second)]
        for one in threads:
            one.start()
        inside.wait(5)
        threads[1].join(0.2)
        go_on.set()
        for one in threads:
            one.join()
        assert order == ["first", 1]

    def test_a_reader_sees_one_state(self, store, another):
        with store.reading() as shelf:
            before = shelf.version()
            with another.deciding() as ledger:
                ledger.set_version(5)
            assert shelf.version() == before
        with store.reading() as shelf:
            assert shelf.version() == 5

    def test_a_fault_of_ours_is_no_store_error(self, store):
        with pytest.raises(IntegrityError), store.deciding() as ledger:
            ledger.connection.execute(insert(meta).values(key="format", value="again"))

    def test_what_the_database_refuses_is_a_store_error(self, store):
        with pytest.raises(StoreError), store.deciding() as ledger:
            ledger.connection.exec_driver_sql("SELECT * FROM nowhere")


class TestLock:
    def test_held_once(self, store, another):
        with store.lock("publish"), pytest.raises(LockedError), another.lock("publish"):
            pass

    def test_other_names_are_other_locks(self, store, another):
        with store.lock("publish-a"), another.lock("publish-b"):
            pass

    def test_free_after_use(self, store, another):
        with store.lock("publish"):
            pass
        with another.lock("publish"):
            pass

    def test_while_it_is_held_nothing_is_said(self, store):
        with store.lock("publish") as held:
            assert held() is None

    @pytest.mark.parametrize("url", ["postgresql"], indirect=True)
    def test_a_connection_that_breaks_loses_it(self, store, another, postgresql_engine):
        """Another takes it then; who had it is told, also when it has a connection again."""
        with store.lock("publish") as held:
            end_sessions_with_locks(postgresql_engine)
            with another.lock("publish"):
                for _ in range(2):
                    with pytest.raises(StoreError, match="broke, and with it the lock"):
                        held()
            with pytest.raises(StoreError, match="broke, and with it the lock"):
                held()
        with another.lock("publish"):
            pass

    @pytest.mark.parametrize("url", ["postgresql"], indirect=True)
    def test_the_server_gives_up_who_has_vanished(self, store):
        """It is told so for every connection: who decides holds a lock as well. (Over a socket it shows no value.)"""
        query = "SELECT name FROM pg_settings WHERE name LIKE 'tcp_keepalives_%%' AND source = 'session' ORDER BY name"
        told = [f"tcp_keepalives_{setting}" for setting in ("count", "idle", "interval")]
        with store.deciding() as ledger:
            deciding = list(ledger.connection.exec_driver_sql(query).scalars())
        with store.reading() as shelf:
            reading = list(shelf.connection.exec_driver_sql(query).scalars())
        assert (deciding, reading) == (told, told)

    def test_free_after_an_error(self, store, another):
        with contextlib.suppress(RuntimeError), store.lock("publish"):
            raise RuntimeError
        with another.lock("publish"):
            pass

    @pytest.mark.parametrize("url", ["sqlite"], indirect=True)
    def test_a_file_system_without_locks_is_told_of(self, store, monkeypatch):
        def flock(*_):
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        monkeypatch.setattr("fcntl.flock", flock)
        with pytest.raises(StoreError, match="cannot be locked"), store.lock("publish"):
            pass


class TestIdentity:
    def test_it_stays(self, store, another):
        Desk(store, source("gazette")).poll("gazette", article("a"))
        assert store.identity() == another.identity() is not None

    def test_a_store_of_an_older_release_gets_it_with_its_first_article(self, store, another):
        with store.deciding() as ledger:
            ledger.connection.exec_driver_sql("DELETE FROM meta WHERE key = 'identity'")
        before = store.identity()
        Desk(store, source("gazette")).poll("gazette", article("a"))
        assert (before, store.identity()) == (None, another.identity())


class TestKeys:
    def test_ambiguous_for_ever(self, store):
        with store.deciding() as ledger:
            ledger.add_keys({(1, 10): None, (1, 11): 5})
            ledger.spoil_keys([(1, 11), (2, 99)])
        with store.deciding() as ledger:
            assert sorted(ledger.keyed([10, 11, 12], [1])) == [(10, 1, None), (11, 1, None)]

    def test_only_of_the_sources_asked_for(self, store):
        with store.deciding() as ledger:
            ledger.add_keys({(1, 10): None, (2, 10): None})
            assert list(ledger.keyed([10], [2])) == [(10, 2, None)]

    def test_many_at_once(self, store):
        with store.deciding() as ledger:
            ledger.add_keys({(1, n): None for n in range(40_000)})
            assert len(list(ledger.keyed(range(40_000), [1]))) == 40_000

    def test_all_of_64_bits(self, store):
        ends = (-(2**63), 2**63 - 1)
        with store.deciding() as ledger:
            ledger.add_keys(dict.fromkeys((1, n) for n in ends))
            assert sorted(k for k, _, _ in ledger.keyed(ends, [1])) == sorted(ends)


def test_what_a_database_says_in_lines_is_one_sentence():
    said = psycopg.OperationalError(
        "connection failed: the server went\n\tThis probably means it ended\n\tbefore its time."
    )
    with pytest.raises(StoreError) as told, translated():
        raise OperationalError("SELECT 1", {}, said)
    expected = "connection failed: the server went This probably means it ended before its time."
    assert str(told.value) == f"the database refused: {expected}"
