"""Upkeep: what is forgotten, when, and what stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from feeds.pipeline.upkeep import RARELY, keep_up
from feeds.store.schema import anchor, article, entry, poll, story, story_entry, story_term
from tests.newsroom import DAY, HOUR, MINUTE, Desk, source
from tests.pipeline.test_grouping import EVENT, SOURCES, tell

FORGOTTEN = (anchor, story, story_term)


@pytest.fixture
def desk(store):
    return tell(Desk(store, *SOURCES))


def count(desk, table):
    with desk.store.reading() as shelf:
        return shelf.connection.execute(select(func.count()).select_from(table)).scalar_one()


def counts(desk, tables):
    return [count(desk, table) for table in tables]


def test_what_is_young_stays(desk):
    before = counts(desk, (*FORGOTTEN, poll))
    keep_up(desk.store, desk.now + DAY)
    assert (counts(desk, (*FORGOTTEN, poll)), min(before) > 0) == (before, True)


def test_what_is_old_is_forgotten_and_what_was_made_of_it_stays(desk):
    stays = (article, entry, story_entry)
    before = counts(desk, stays)
    keep_up(desk.store, desk.now + 31 * DAY)
    assert (counts(desk, FORGOTTEN), counts(desk, stays)) == ([0, 0, 0], before)


def test_each_sources_last_poll_stays(desk):
    polled, sources = count(desk, poll), len({name for name, *_ in EVENT})
    assert (keep_up(desk.store, desk.now + 15 * DAY), count(desk, poll)) == (polled - sources, sources)


@pytest.mark.parametrize(("after", "done"), [(23 * HOUR, False), (25 * HOUR, True)])
def test_where_it_is_rare_it_is_done_once_a_day(desk, after, done):
    keep_up(desk.store, desk.now)
    desk.later(31 * DAY)
    keep_up(desk.store, desk.now - after)
    assert keep_up(desk.store, desk.now, RARELY) == (0 if done else None)


def test_a_new_store_has_nothing_to_forget(store):
    desk = Desk(store, source())
    assert [keep_up(store, desk.now + n * DAY, RARELY) for n in range(3)] == [None, 0, 0]


def test_a_clock_that_was_wrong_does_not_hold_it_up(desk):
    keep_up(desk.store, desk.now + timedelta(days=4000))
    assert keep_up(desk.store, desk.now + MINUTE, RARELY) == 0
