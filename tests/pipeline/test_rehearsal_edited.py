"""What a person decided, and what merged late, counts as given in a rehearsal."""

import pytest

from feeds.pipeline import editing
from tests.newsroom import HOUR, LONG, OTHER, Desk, article, source
from tests.pipeline.rehearsing import rehearsed

ORDER = editing.Order(person="anna", reason="because")


@pytest.fixture
def desk(store):
    return Desk(store, source("gazette"), source("herald"), source("courier"))


def bring(desk, by, name, text=LONG):
    desk.poll(by, article(name, by=by, text=text, match_text=text))
    desk.later(HOUR)


def differences(found):
    return (found.differences, found.steps, found.feeds)


def test_what_was_split(desk):
    for name in ("gazette", "herald", "courier"):
        bring(desk, name, name)
    with desk.store.deciding() as ledger:
        editing.split(ledger, desk.book, 2, ORDER, desk.now)
    assert (len(desk.entries()), differences(rehearsed(desk))) == (2, ((), (), ()))


def test_where_something_was_split_the_others_are_decided_again(desk):
    for name in ("gazette", "herald", "courier"):
        bring(desk, name, name)
    with desk.store.deciding() as ledger:
        editing.split(ledger, desk.book, 2, ORDER, desk.now)
    found = rehearsed(desk, sources={"courier": {"dedupe": False}})
    assert [d.row for d in found.differences] == [3]


def test_what_was_joined(desk):
    for name, text in (("gazette", LONG), ("herald", OTHER), ("courier", OTHER)):
        bring(desk, name, name, text)
    with desk.store.deciding() as ledger:
        editing.join(ledger, desk.book, 1, 2, ORDER, desk.now)
    assert differences(rehearsed(desk)) == ((), (), ())


def test_what_merged_late(desk):
    for name, text in (("gazette", LONG), ("herald", OTHER), ("courier", OTHER), ("herald", LONG)):
        bring(desk, name, name, text)
    assert differences(rehearsed(desk)) == ((), (), ())
