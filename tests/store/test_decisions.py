"""Families, bars and decisions on both engines."""

from datetime import timedelta

import pytest

from feeds.dedupe.families import Family
from feeds.model import Decision, Member
from feeds.store import decisions
from tests.newsroom import NOON, Desk, article, source

UNITED = Family(root=1, homes={1: 1, 2: 2, 3: 3}, into={2: 1, 3: 2})


@pytest.fixture
def desk(store):
    """Three entries, numbered 1 to 3."""
    desk = Desk(store, source("gazette"))
    for name in "abc":
        desk.poll("gazette", article(name))
    return desk


@pytest.fixture
def united(desk):
    with desk.store.deciding() as ledger:
        decisions.settle_family(ledger, UNITED)
    return desk


def said(kind="split", **changes):
    values = {"kind": kind, "entry": "urn:a", "other": "urn:b", "person": "Ada", "reason": "", "at": NOON}
    return Decision(**(values | changes))


def test_an_entry_alone_is_its_own_family(desk):
    with desk.store.reading() as shelf:
        assert decisions.family_of(shelf, 2) == Family(root=2, homes={2: 2}, into={})


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_family_is_read_as_it_was_written_whichever_member_is_asked(united, number):
    with united.store.reading() as shelf:
        assert decisions.family_of(shelf, number) == UNITED


def test_it_is_written_anew_when_it_parts(united):
    parts = Family(root=1, homes={1: 1}, into={}), Family(root=2, homes={2: 2, 3: 3}, into={3: 2})
    with united.store.deciding() as ledger:
        for one in parts:
            decisions.settle_family(ledger, one)
        assert tuple(decisions.family_of(ledger, n) for n in (1, 3)) == parts


def test_aliases_of_aliases(united):
    with united.store.reading() as shelf:
        assert [decisions.aliases_of(shelf.connection, {n}) for n in (1, 2, 3)] == [{2, 3}, {3}, set()]


def test_bars_among_these_entries_only(desk):
    with desk.store.deciding() as ledger:
        decisions.bar(ledger, [(1, 2), (2, 3)], 1)
        assert [decisions.bars(ledger, n) for n in ({1, 2}, {1, 3}, {1, 2, 3})] == [{(1, 2)}, set(), {(1, 2), (2, 3)}]


def test_a_bar_is_lifted(desk):
    with desk.store.deciding() as ledger:
        decisions.bar(ledger, [(1, 2), (1, 2)], 1)
        decisions.bar(ledger, [(1, 2)], 2)
        decisions.lift(ledger, [(1, 2), (2, 3)])
        assert decisions.bars(ledger, {1, 2, 3}) == set()


def test_decisions_come_back_as_they_were_in_their_order(desk):
    before = Member(article="urn:b", source="gazette", rule="same text", scores={"words": 40.0})
    kept = [said(before=(before,), left=("urn:b",)), said("join", at=NOON + timedelta(hours=1), reason="one ferry")]
    with desk.store.deciding() as ledger:
        numbers = [decisions.note_decision(ledger, 1, 2, one) for one in kept]
        decisions.note_decision(ledger, 3, 3, said())
    with desk.store.reading() as shelf:
        assert (numbers, decisions.decisions_about(shelf, {2})) == ([1, 2], kept)


def test_an_alias_shows_what_it_brought(united):
    with united.store.deciding() as ledger:
        ledger.connection.exec_driver_sql("UPDATE entry SET state = 'merged' WHERE id > 1")
    with united.store.reading() as shelf:
        shown = dict(shelf.entries({1, 2}))
    assert [([c.title for c in s.copies], s.into) for s in (shown[1], shown[2])] == [
        (["Report a", "Report b", "Report c"], None),
        (["Report b"], 1),
    ]
